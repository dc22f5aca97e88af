"""Writes multilabel.json beside it. Needs: pip install scikit-learn==1.9.1 numpy. Seed 8."""
import json
import pathlib
import warnings

import numpy as np
import sklearn
from sklearn import metrics as m

warnings.filterwarnings("ignore")
rng = np.random.default_rng(8)


def case(rows, labels, absent=None, never_predicted=None, ties=False):
    """Rows without a label, with all of them and with equal probabilities occur; some labels may be missing."""
    logits = rng.normal(size=(rows, labels)) * 2 - 1
    truth = (rng.random((rows, labels)) < 1 / (1 + np.exp(-logits))).astype(int)
    p = np.round(1 / (1 + np.exp(-(logits + rng.normal(size=logits.shape)))), 1 if ties else 6)
    truth[0], truth[1], p[2] = 0, 1, 0.01
    p[0] = 0.02
    if absent is not None:
        truth[:, absent], p[:, absent] = 0, 0.1
    if never_predicted is not None:
        p[:, never_predicted] = np.round(p[:, never_predicted] * 0.4, 6)
    y = (p >= 0.5).astype(int)
    precision, recall, f1, support = m.precision_recall_fscore_support(truth, y, zero_division=0)
    averages = {
        name: dict(zip(("precision", "recall", "f1"), m.precision_recall_fscore_support(truth, y, average=name, zero_division=0)[:3]))
        for name in ("micro", "macro", "samples")
    }
    best = []
    for label in range(labels):
        scores = [m.f1_score(truth[:, label], p[:, label] >= t, zero_division=0) for t in np.unique(p[:, label])]
        best.append(max(scores) if truth[:, label].any() else 0)
    return {
        "labels": labels,
        "truth": truth.ravel().tolist(),
        "probabilities": p.ravel().tolist(),
        "predicted": y.ravel().tolist(),
        "precision": precision.tolist(),
        "recall": recall.tolist(),
        "f1": f1.tolist(),
        "support": support.tolist(),
        **averages,
        "exactMatch": m.accuracy_score(truth, y),
        "hammingLoss": m.hamming_loss(truth, y),
        "ranking": m.label_ranking_average_precision_score(truth, p),
        "bestF1": best,
    }


out = {
    "made by": f"test/golden/multilabel.py, scikit-learn {sklearn.__version__}, numpy {np.__version__}, seed 8",
    "cases": [case(40, 3), case(60, 6, absent=2), case(50, 5, never_predicted=1, ties=True), case(30, 2, absent=0, never_predicted=1)],
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(out, separators=(",", ":")) + "\n")
