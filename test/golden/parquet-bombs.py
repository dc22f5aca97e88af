"""Writes parquet-bombs.json beside it. Needs: pip install pyarrow==26.0.1. No random numbers.

Cases: Parquet files of kilobytes, as base64, that hold gigabytes of text: one text for all rows, or one that is very long.
"""
import base64
import io
import json
import pathlib

import pyarrow as pa
import pyarrow.parquet as pq


def case(name, **columns):
    file = io.BytesIO()
    pq.write_table(pa.table(columns), file, compression="zstd", compression_level=19, dictionary_pagesize_limit=1 << 30)
    return {"case": name, "file": base64.b64encode(file.getvalue()).decode()}


def same(value, rows):
    return pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array([value]))


long = "ab " * 4_000_000
nested = pa.int32()
for _ in range(300):
    nested = pa.list_(nested)
cases = [
    case("text", text=same(long, 4096), other=same(long, 4096)),
    case("bytes", text=same(long.encode(), 4096)),
    case("list", text=pa.array([["ab " * 1_000_000]] * 2000)),
    case("cell", text=pa.array(["a" * 500_000_000, "b"])),
    case("nested", text=pa.array(["a"]), deep=pa.array([None], nested)),
]
header = {
    "script": "test/golden/parquet-bombs.py",
    "library": f"pyarrow {pa.__version__}",
    "seed": 0,
    "layout": "file, a Parquet file as base64",
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps({"header": header, "cases": cases}) + "\n")
