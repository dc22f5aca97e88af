"""Writes paired.json beside it. Needs: pip install statsmodels==0.14.6 numpy scipy. Seed 5."""
import json
import pathlib

import numpy as np
import scipy.stats
import statsmodels
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests

rng = np.random.default_rng(5)
splits = [(0, 0), (1, 0), (5, 5), (9, 1), (3, 14), (40, 71), (150, 150), (512, 377), (5000, 5300), (60000, 59000)]
families = [[0.01, 0.04, 0.03], [0.2], [0.001, 0.001, 0.9, 0.5], rng.random(12).round(6).tolist(), (rng.random(6) ** 4).tolist()]
draws = [(3, 10, 4, 5), (0, 10, 4, 5), (12, 200, 40, 30), (5, 5, 5, 5), (61, 5331, 1100, 200), (2, 40, 3, 2), (900, 100000, 15000, 5000)]
out = {
    "made by": f"test/golden/paired.py, statsmodels {statsmodels.__version__}, scipy {scipy.__version__}, seed 5",
    "mcnemar": [[b, c, float(mcnemar([[10, b], [c, 10]], exact=True).pvalue)] for b, c in splits],
    "holm": [{"given": p, "corrected": multipletests(p, method="holm")[1].tolist()} for p in families],
    "hypergeometric": [[*d, float(scipy.stats.hypergeom.sf(d[0] - 1, d[1], d[2], d[3]))] for d in draws],
    "normal": [[z, float(scipy.stats.norm.sf(z))] for z in [-3.5, -0.3, 0, 0.01, 0.7, 1.96, 2.999, 3, 5.5, 12]],
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(out, separators=(",", ":")) + "\n")
