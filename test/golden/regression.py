"""Writes regression.json beside it. Needs: pip install scikit-learn==1.9.1 numpy scipy. Seed 9."""
import json
import pathlib
import warnings

import numpy as np
import scipy
import scipy.stats
import sklearn
from sklearn import metrics as m

warnings.filterwarnings("ignore")
rng = np.random.default_rng(9)


def case(truth, predicted):
    rho = float(scipy.stats.spearmanr(truth, predicted).statistic)
    return {
        "truth": truth.tolist(),
        "predicted": predicted.tolist(),
        "mae": m.mean_absolute_error(truth, predicted),
        "rmse": m.root_mean_squared_error(truth, predicted),
        "r2": m.r2_score(truth, predicted),
        "spearman": None if np.isnan(rho) else rho,
    }


y = rng.normal(size=50) * 3 + 1e4
stars = rng.integers(1, 6, size=80).astype(float)
three = np.full(12, 3.0)
out = {
    "made by": f"test/golden/regression.py, scikit-learn {sklearn.__version__}, scipy {scipy.__version__}, numpy {np.__version__}, seed 9",
    "cases": [
        case(y, y + rng.normal(size=50)),
        case(stars, np.clip(np.round(stars + rng.normal(size=80)), 1, 5)),
        case(stars, rng.normal(size=80)),
        case(three, three),
        case(three, three + rng.normal(size=12)),
        case(y, np.full(50, y.mean())),
    ],
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(out, separators=(",", ":")) + "\n")
