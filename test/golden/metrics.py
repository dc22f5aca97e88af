"""Writes metrics.json beside it. Needs: pip install scikit-learn==1.9.1 numpy scipy. Seed 7."""
import json
import pathlib
import warnings

import numpy as np
import scipy.optimize
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


def one_versus_rest(truth, probabilities, metric):
    """Of each class that has rows and is not all of them; None for the others."""
    scores = []
    for c in range(probabilities.shape[1]):
        own = (truth == c).astype(int)
        scores.append(metric(own, probabilities[:, c]) if 0 < own.sum() < len(own) else None)
    known = [s for s in scores if s is not None]
    return scores, float(np.mean(known))


def temperature(truth, probabilities):
    """Of rows whose probabilities are all above 0."""
    logits = np.log(probabilities)

    def scaled(log_t):
        z = logits / np.exp(log_t)
        z = z - z.max(1, keepdims=True)
        return np.exp(z) / np.exp(z).sum(1, keepdims=True)

    def loss(log_t):
        return -np.log(scaled(log_t)[np.arange(len(truth)), truth]).mean()

    found = scipy.optimize.minimize_scalar(loss, bounds=(-3, 3), method="bounded", options={"xatol": 1e-11})
    return {"temperature": float(np.exp(found.x)), "logLoss": float(found.fun), "ece": ece(truth, scaled(found.x))}


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
    auroc, macro_auroc = one_versus_rest(truth, p, m.roc_auc_score)
    precisions, macro_precision = one_versus_rest(truth, p, m.average_precision_score)
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
        "balancedAccuracy": m.balanced_accuracy_score(truth, y),
        "mcc": m.matthews_corrcoef(truth, y),
        "auroc": auroc,
        "macroAuroc": macro_auroc,
        "averagePrecision": precisions,
        "macroAveragePrecision": macro_precision,
        "top": {} if classes == 2 else {str(k): m.top_k_accuracy_score(truth, p, k=k, labels=labels) for k in range(1, classes)},
        "scaled": temperature(truth, p) if (p > 1e-4).all() else None,
        "wilson": [wilson.low, wilson.high],
    }


cases = [case(40, 2), case(60, 5), case(50, 4, never_true=1), case(50, 4, never_predicted=2), case(30, 4, absent=3)]
values = np.sort(rng.normal(size=37))


def ranking(rows, digits):
    """Scores of few digits: many are equal."""
    truth = rng.integers(0, 2, rows)
    scores = np.round(rng.random(rows) * 0.6 + 0.3 * truth, digits)
    return {
        "truth": truth.tolist(),
        "scores": scores.tolist(),
        "auroc": m.roc_auc_score(truth, scores),
        "averagePrecision": m.average_precision_score(truth, scores),
    }


rankings = [ranking(80, 1), ranking(200, 2), ranking(50, 6)]
soft = case(60, 3)
out = {
    "made by": f"test/golden/metrics.py, scikit-learn {sklearn.__version__}, numpy {np.__version__}, seed 7",
    "cases": cases,
    "soft": soft,
    "rankings": rankings,
    "wilson": [
        [k, n, *scipy.stats.binomtest(k, n).proportion_ci(method="wilson")] for k, n in [(0, 5), (5, 5), (1, 3), (90, 100), (443, 500)]
    ],
    "quantiles": {"values": values.tolist(), "shares": [0, 0.025, 0.3, 0.5, 0.975, 1], "expected": np.quantile(values, [0, 0.025, 0.3, 0.5, 0.975, 1]).tolist()},
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(out, separators=(",", ":")) + "\n")
