"""Writes muon.json beside it: Muon (K. Jordan et al. 2024) written out in numpy float64, from the published description.

Needs: pip install numpy. Seed 7. Weights are (out, in) in the description; the rate's factor is sqrt(max(1, out / in)).
"""
import json
import pathlib

import numpy as np

rng = np.random.default_rng(7)
RATE, MOMENTUM, DECAY = 0.05, 0.9, 0.1


def orthogonal(g):
    a, b, c = 3.4445, -4.7750, 2.0315
    x = g / (np.linalg.norm(g) + 1e-7)
    if g.shape[0] > g.shape[1]:
        x = x.T
    for _ in range(5):
        gram = x @ x.T
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x.T if g.shape[0] > g.shape[1] else x


def tensor(x):
    return {"shape": list(x.shape), "data": [float(v) for v in x.ravel()]}


cases = []
for inputs, outputs in [(4, 6), (6, 4), (5, 5)]:
    w = rng.normal(size=(inputs, outputs))
    m = np.zeros_like(w)
    case = {"case": f"{inputs} inputs, {outputs} outputs", "start": tensor(w), "steps": []}
    for _ in range(3):
        g = rng.normal(size=w.shape)
        m = MOMENTUM * m + g
        w = w * (1 - RATE * DECAY) - RATE * np.sqrt(max(1, outputs / inputs)) * orthogonal(g + MOMENTUM * m)
        case["steps"].append({"gradient": tensor(g), "parameters": tensor(w)})
    cases.append(case)

header = {
    "script": "test/golden/muon.py",
    "library": f"numpy {np.__version__}",
    "seed": 7,
    "layout": "start, then each step's gradient and the parameters after it; (inputs, outputs)",
}
document = {"header": header, "cases": cases}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(document) + "\n")
