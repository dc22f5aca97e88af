"""Writes arrow-parquet.json beside it. Needs: pip install pyarrow==26.0.1. No random numbers.

Cases: small Parquet files as base64, whose columns have types that Parquet alone has no word for, and what Arrow calls them.
"""
import base64
import decimal
import io
import json
import pathlib

import pyarrow as pa
import pyarrow.parquet as pq


class Month(pa.ExtensionType):
    def __init__(self):
        super().__init__(pa.int64(), "example.month")

    def __arrow_ext_serialize__(self):
        return b'{"freq": "M"}'


pa.register_extension_type(Month())


def case(name, **columns):
    table = pa.table({"text": ["good", "bad"], **columns})
    file = io.BytesIO()
    pq.write_table(table, file)
    types = {one: str(table.schema.field(one).type) for one in table.column_names}
    return {"case": name, "types": types, "file": base64.b64encode(file.getvalue()).decode()}


us = pa.duration("us")
tokyo = pa.timestamp("us", tz="Asia/Tokyo")
cases = [
    case(
        "types",
        wait=pa.array([1500, None], pa.duration("ms")),
        at=pa.array([0, 1], pa.timestamp("us", tz="Europe/Berlin")),
        utc=pa.array([0, 1], pa.timestamp("us", tz="UTC")),
        waits=pa.array([[1, 2], []], pa.list_(pa.duration("ns"))),
        both=pa.array([{"a": 1, "b": 2}, None], pa.struct([("a", us), ("b", tokyo)])),
        by=pa.array([[("k", 5)], []], pa.map_(pa.string(), pa.duration("s"))),
        month=pa.ExtensionArray.from_storage(Month(), pa.array([1, 2], pa.int64())),
        kind=pa.array(["a", "b"]).dictionary_encode(),
        price=pa.array([decimal.Decimal("1.50"), None], pa.decimal128(9, 2)),
        day=pa.array([0, 1], pa.date32()),
        raw=pa.array([b"x", b"y"]),
        n=pa.array([1, 2], pa.uint16()),
    ),
    case("milliseconds", wait=pa.array([1500, None], pa.duration("ms")), at=pa.array([0, 1], tokyo)),
    case("microseconds", wait=pa.array([1500, None], us), at=pa.array([0, 1], tokyo)),
    case("another zone", wait=pa.array([1500, None], us), at=pa.array([0, 1], pa.timestamp("us", tz="Europe/Berlin"))),
    case("nanoseconds", clock=pa.array([1001, None], pa.time64("ns")), at=pa.array([1001, 1], pa.timestamp("ns", tz="UTC"))),
    case("no name", odd=pa.array([{"": 1, "k": "x"}, None], pa.struct([("", pa.uint8()), ("k", pa.string())]))),
    case("40 digits", wide=pa.array([decimal.Decimal("1" * 40), None], pa.decimal256(40, 0))),
]
header = {
    "script": "test/golden/arrow-parquet.py",
    "library": f"pyarrow {pa.__version__}",
    "seed": 0,
    "layout": "types by column, as Arrow spells them; file, a Parquet file as base64",
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps({"header": header, "cases": cases}) + "\n")
