"""Writes fairness.json beside it. Needs: bench/peers/setup.sh fairlearn. Seed 11."""
import json
import pathlib

import fairlearn
import fairlearn.metrics as fl
import numpy as np
import statsmodels
from sklearn.metrics import accuracy_score
from statsmodels.stats.proportion import confint_proportions_2indep

rng = np.random.default_rng(11)
metrics = {
    "selectionRate": fl.selection_rate,
    "falsePositiveRate": fl.false_positive_rate,
    "falseNegativeRate": fl.false_negative_rate,
    "accuracy": accuracy_score,
}
cases = []
for rows, groups, share in [(60, 2, 0.5), (200, 3, 0.3), (400, 5, 0.15), (90, 4, 0.6)]:
    group = rng.integers(groups, size=rows)
    truth = (rng.random(rows) < share).astype(int)
    predicted = np.where(rng.random(rows) < 0.75, truth, (rng.random(rows) < 0.2 + 0.1 * group).astype(int))
    own = {"group": group.tolist(), "truth": truth.tolist(), "predicted": predicted.tolist()}
    frame = fl.MetricFrame(metrics=metrics, y_true=truth, y_pred=predicted, sensitive_features=group)
    own["byGroup"] = {name: frame.by_group[name].tolist() for name in metrics}
    for name in ["demographic_parity_difference", "demographic_parity_ratio", "equalized_odds_difference", "equalized_odds_ratio"]:
        own[name] = float(getattr(fl, name)(truth, predicted, sensitive_features=group))
    cases.append(own)
newcombe = []
for a, m, b, n in [(56, 70, 48, 80), (9, 10, 3, 10), (0, 20, 5, 30), (10, 10, 0, 10), (400, 1000, 380, 900)]:
    low, high = confint_proportions_2indep(a, m, b, n, method="newcomb", compare="diff")
    newcombe.append([a, m, b, n, float(low), float(high)])
out = {
    "made by": f"test/golden/fairness.py, fairlearn {fairlearn.__version__}, statsmodels {statsmodels.__version__}, seed 11",
    "cases": cases,
    "newcombe": newcombe,
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(out, separators=(",", ":")) + "\n")
