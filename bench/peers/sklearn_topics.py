"""scikit-learn's topics of a table's texts: TF-IDF, SVD and k-means. Commands: topics {path, clusters, dim, seed} -> {ms,
labels}; agreement {labels, truth} -> {ari, nmi}; spearman {a, b} -> {rho}. path: JSON lines with text."""

import argparse
import json
import os
import sys
import time

parser = argparse.ArgumentParser()
parser.add_argument("--threads", type=int, default=2)
options = parser.parse_args()
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = str(options.threads)

import scipy
import sklearn
from scipy.stats import spearmanr
from sklearn.cluster import KMeans
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score
from sklearn.preprocessing import normalize

from peer import serve


def topics(path, clusters, dim=200, seed=0):
    start = time.perf_counter()
    with open(path, encoding="utf-8") as file:
        texts = [json.loads(line)["text"] for line in file]
    rows = TfidfVectorizer(sublinear_tf=True, stop_words="english").fit_transform(texts)
    vectors = normalize(TruncatedSVD(dim, random_state=seed).fit_transform(rows))
    labels = KMeans(clusters, n_init=10, random_state=seed).fit_predict(vectors)
    return {"ms": 1e3 * (time.perf_counter() - start), "labels": labels.tolist()}


def agreement(labels, truth):
    return {"ari": adjusted_rand_score(truth, labels), "nmi": normalized_mutual_info_score(truth, labels)}


serve(
    {"topics": topics, "agreement": agreement, "spearman": lambda a, b: {"rho": spearmanr(a, b).statistic}},
    versions={"scikit-learn": sklearn.__version__, "scipy": scipy.__version__, "python": sys.version.split()[0]},
)
