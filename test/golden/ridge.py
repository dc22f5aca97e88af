"""Writes ridge.json beside it. Needs: pip install scikit-learn==1.9.1 numpy. Seed 12.

ridge: coefficients of Ridge. gcv: the penalty with the least generalised cross-validation error of a free intercept,
n |(I - H) y|^2 / tr(I - H)^2, from the hat matrix itself.
"""
import json
import pathlib

import numpy as np
import sklearn
from sklearn.linear_model import Ridge

rng = np.random.default_rng(12)
penalties = [100.0, 10.0, 1.0, 0.1, 0.01]


def gcv(x, y, penalty):
    n = len(y)
    centred = x - x.mean(0)
    hat = centred @ np.linalg.solve(centred.T @ centred + penalty * np.eye(x.shape[1]), centred.T) + 1 / n
    rest = np.eye(n) - hat
    return n * np.sum((rest @ y) ** 2) / np.trace(rest) ** 2


def case(rows, features, noise):
    x = np.round(rng.normal(size=(rows, features)) * (rng.random((rows, features)) < 0.5), 3)
    y = x @ rng.normal(size=features) + noise * rng.normal(size=rows) + 7
    models = [Ridge(alpha=p, solver="cholesky").fit(x, y) for p in penalties]
    return {
        "x": x.tolist(),
        "y": y.tolist(),
        "weights": [m.coef_.tolist() for m in models],
        "bias": [m.intercept_ for m in models],
        "best": penalties[int(np.argmin([gcv(x, y, p) for p in penalties]))],
    }


out = {
    "made by": f"test/golden/ridge.py, scikit-learn {sklearn.__version__}, numpy {np.__version__}, seed 12",
    "penalties": penalties,
    "cases": [case(60, 8, 0.1), case(60, 8, 6), case(30, 50, 1), case(25, 20, 30), case(200, 30, 12)],
}
print([c["best"] for c in out["cases"]])
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(out, separators=(",", ":")) + "\n")
