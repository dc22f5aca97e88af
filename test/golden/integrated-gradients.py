"""Writes integrated-gradients.json beside it: integrated gradients of tiny networks. Needs bench/peers/setup.sh captum:
bench/peers/.venv/bin/python test/golden/integrated-gradients.py

"weights" are of our networks under our names, rounded to three digits; "ids" a text; "shares" Captum's integrated gradients of the
log-odds of "label" by the vectors of the tokens, from zeros, with 50 points of Gauss-Legendre, summed over each vector. In
float64."""

import json
import pathlib
import sys

import captum
import numpy as np
import torch
from captum.attr import IntegratedGradients

here = pathlib.Path(__file__).parent
sys.path.insert(0, str(here.parents[1] / "bench" / "peers"))
from our_networks import forward, log_odds

SEED, STEPS = 20261, 50
VOCABULARY, WIDTH, HIDDEN, LABELS, LENGTH = 20, 8, 6, 3, 16
rng = np.random.default_rng(SEED)


def shapes(family):
    yield "embedding/table", [VOCABULARY, WIDTH]
    if family == "cnn":
        for width in (3, 4, 5):
            yield f"convolution{width}/kernel", [width, WIDTH, HIDDEN]
            yield f"convolution{width}/bias", [HIDDEN]
    if family == "lstm":
        for part in ("forward", "backward"):
            yield f"lstm/{part}/kernel", [4 * HIDDEN, WIDTH]
            yield f"lstm/{part}/recurrentKernel", [4 * HIDDEN, HIDDEN]
            yield f"lstm/{part}/bias", [4 * HIDDEN]
    if family == "transformer":
        yield "positions/table", [LENGTH, WIDTH]
        for block in ("block0", "block1"):
            for part in ("query", "key", "value", "output"):
                yield f"{block}/attention/{part}/kernel", [WIDTH, WIDTH]
                yield f"{block}/attention/{part}/bias", [WIDTH]
            for norm in ("norm1", "norm2"):
                yield f"{block}/{norm}/gamma", [WIDTH]
                yield f"{block}/{norm}/beta", [WIDTH]
            yield f"{block}/feedForward1/kernel", [WIDTH, HIDDEN]
            yield f"{block}/feedForward1/bias", [HIDDEN]
            yield f"{block}/feedForward2/kernel", [HIDDEN, WIDTH]
            yield f"{block}/feedForward2/bias", [WIDTH]
    features = {"cnn": 3 * HIDDEN, "lstm": 4 * HIDDEN, "transformer": 2 * WIDTH}[family]
    yield "output/kernel", [features, LABELS]
    yield "output/bias", [LABELS]


cases = []
for family in ("cnn", "lstm", "transformer"):
    weights = {name: np.round(rng.normal(0, 0.6, shape), 3) for name, shape in shapes(family)}
    w = {name: torch.tensor(value) for name, value in weights.items()}
    ids = rng.integers(2, VOCABULARY, 9)
    label = int(rng.integers(LABELS))
    x = w["embedding/table"][ids][None]
    score = lambda vectors: log_odds(forward(family, w, vectors), label)
    found = IntegratedGradients(score).attribute(x, torch.zeros_like(x), n_steps=STEPS, method="gausslegendre")
    cases.append(
        {
            "case": family,
            "weights": {name: {"shape": list(v.shape), "data": v.reshape(-1).tolist()} for name, v in weights.items()},
            "ids": ids.tolist(),
            "label": label,
            "score": score(x).item(),
            "base": score(torch.zeros_like(x)).item(),
            "shares": found.sum(2)[0].tolist(),
        }
    )
    print(family, cases[-1]["score"] - cases[-1]["base"], sum(cases[-1]["shares"]))

header = {
    "script": "test/golden/integrated-gradients.py",
    "library": f"captum {captum.__version__}, torch {torch.__version__}",
    "seed": SEED,
    "steps": STEPS,
    "layout": "see the script",
}
lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
(here / "integrated-gradients.json").write_text(f'{{"header":{json.dumps(header)},"cases":[\n{lines}\n]}}\n')
