"""Writes svd.json beside it. Needs: pip install numpy==2.4.6. Seed 5.

Cases: sparse square matrices (places and values), their leading singular values and left singular vectors by
numpy.linalg.svd; in the last one the rank is below what is asked for.
"""
import json
import pathlib

import numpy as np

rng = np.random.default_rng(5)


def case(name, size, dim, density, rank=None):
    values = np.round(rng.gamma(2, 1, (size, size)), 3)
    m = values * (rng.random((size, size)) < density)
    if rank:
        m = np.round(rng.gamma(2, 1, (size, rank)), 2) @ np.round(rng.gamma(2, 1, (rank, size)), 2)
    u, s, _ = np.linalg.svd(m)
    rows, columns = np.nonzero(m)
    keep = min(dim, rank or dim)
    return {
        "case": name,
        "size": size,
        "dim": dim,
        "rows": rows.tolist(),
        "columns": columns.tolist(),
        "values": m[rows, columns].tolist(),
        "singularValues": s[:keep].tolist(),
        "left": u[:, :keep].flatten().tolist(),
    }


cases = [case("sparse", 60, 6, 0.2), case("small", 5, 5, 1.0), case("low rank", 30, 12, 1.0, rank=4)]
header = {
    "script": "test/golden/svd.py",
    "library": f"numpy {np.__version__}",
    "seed": 5,
    "layout": "size, dim, places rows/columns/values; singularValues and left (size, found) row-major",
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps({"header": header, "cases": cases}) + "\n")
