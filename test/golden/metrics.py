"""Writes metrics.json beside it. Needs: pip install scikit-learn==1.9.1 numpy scipy. Seed 7."""
import json
import pathlib
import warnings

import numpy as np
import scipy.stats
import sklearn
from sklearn import metrics as m

warnings.filterwarnings("ignore")
rng = np.random.default_rng(7)


def ece(truth, probabilities, bins=15):
    confidence = probabilities.max(1)
    hit = probabilities.argmax(1) == truth
    edges = np.linspace(0, 1, bins + 1)
    total = 0.0
    for low, high in zip(edges[:-1], edges[1:]):
        inside = (confidence > low) & (confidence <= high)
        if inside.any():
            total += inside.mean() * abs(hit[inside].mean() - confidence[inside].mean())
    return total


def case(rows, classes, never_true=None, never_predicted=None, absent=None):
    logits = rng.normal(size=(rows, classes)) * 2
    truth = np.array([rng.choice(classes, p=np.exp(l) / np.exp(l).sum()) for l in logits])
    if never_true is not None:
        truth[truth == never_true] = (never_true + 1) % classes
    for c in (never_predicted, absent):
        if c is not None:
            logits[:, c] -= 50
    if absent is not None:
        truth[truth == absent] = (absent + 1) % classes
    p = np.exp(logits - logits.max(1, keepdims=True))
    p = np.round(p / p.sum(1, keepdims=True), 6)
    p[:, 0] += 1 - p.sum(1)
    y = p.argmax(1)
    labels = list(range(classes))
    precision, recall, f1, support = m.precision_recall_fscore_support(truth, y, labels=labels, zero_division=0)
    averages = {
        name: dict(zip(("precision", "recall", "f1"), m.precision_recall_fscore_support(truth, y, average=name, zero_division=0)[:3]))
        for name in ("macro", "weighted", "micro")
    }
    wilson = scipy.stats.binomtest(int((truth == y).sum()), rows).proportion_ci(method="wilson")
    return {
        "classes": classes,
        "truth": truth.tolist(),
        "predicted": y.tolist(),
        "probabilities": p.ravel().tolist(),
        "accuracy": m.accuracy_score(truth, y),
        "confusion": m.confusion_matrix(truth, y, labels=labels).ravel().tolist(),
        "precision": precision.tolist(),
        "recall": recall.tolist(),
        "f1": f1.tolist(),
        "support": support.tolist(),
        **averages,
        "logLoss": m.log_loss(truth, p, labels=labels),
        "brier": m.brier_score_loss(truth, p if classes > 2 else p[:, 1], **({"labels": labels} if classes > 2 else {})),
        "ece": ece(truth, p),
        "wilson": [wilson.low, wilson.high],
    }


cases = [case(40, 2), case(60, 5), case(50, 4, never_true=1), case(50, 4, never_predicted=2), case(30, 4, absent=3)]
values = np.sort(rng.normal(size=37))
out = {
    "made by": f"test/golden/metrics.py, scikit-learn {sklearn.__version__}, numpy {np.__version__}, seed 7",
    "cases": cases,
    "wilson": [
        [k, n, *scipy.stats.binomtest(k, n).proportion_ci(method="wilson")] for k, n in [(0, 5), (5, 5), (1, 3), (90, 100), (443, 500)]
    ],
    "quantiles": {"values": values.tolist(), "shares": [0, 0.025, 0.3, 0.5, 0.975, 1], "expected": np.quantile(values, [0, 0.025, 0.3, 0.5, 0.975, 1]).tolist()},
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(out, separators=(",", ":")) + "\n")
