"""cleanlab on wrong labels, for bench/label-errors.ts.

    cleanlab_labels.py       serves JSON lines (peer.py)

Commands: rank {probabilities, labels} -> {rankings: {name: rows, the worst label first}}, all rows by each of its scores; planted
{texts, labels} -> {flagged: {filter: rows}, seconds}, with probabilities of scikit-learn's linear support vector machine on
TF-IDF of words and characters, calibrated (Platt), by five-fold cross-validation."""

import time
import warnings

import cleanlab
import numpy as np
import sklearn
from cleanlab.filter import find_label_issues
from cleanlab.rank import get_label_quality_scores
from sklearn.calibration import CalibratedClassifierCV
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC

from peer import serve

warnings.filterwarnings("ignore")
FILTERS = ["prune_by_noise_rate", "prune_by_class", "both", "confident_learning"]


def rank(probabilities, labels):
    p, y = np.array(probabilities), np.array(labels)
    p /= p.sum(axis=1, keepdims=True)
    rankings = {}
    for method in ["self_confidence", "normalized_margin", "confidence_weighted_entropy"]:
        for adjust in [False, True]:
            if adjust and method == "confidence_weighted_entropy":
                continue
            scores = get_label_quality_scores(y, p, method=method, adjust_pred_probs=adjust)
            name = method + (", adjusted" if adjust else "")
            rankings[name] = np.argsort(scores, kind="stable").tolist()
    return {"rankings": rankings}


def planted(texts, labels):
    start = time.perf_counter()
    y = np.array(labels)
    features = make_union(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=2, sublinear_tf=True),
    )
    model = make_pipeline(features, CalibratedClassifierCV(LinearSVC(), cv=3))
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    p = cross_val_predict(model, texts, y, cv=folds, method="predict_proba")
    flagged = {name: find_label_issues(y, p, filter_by=name, n_jobs=1).nonzero()[0].tolist() for name in FILTERS}
    return {"flagged": flagged, "seconds": time.perf_counter() - start}


serve(
    {"rank": rank, "planted": planted},
    versions={"cleanlab": cleanlab.__version__, "scikit-learn": sklearn.__version__, "numpy": np.__version__},
)
