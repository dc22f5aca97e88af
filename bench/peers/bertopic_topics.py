"""Topics of texts whose vectors are given: BERTopic with its defaults, and k-means. In .venv-bertopic (setup.sh bertopic).

Commands: bertopic {path, vectors, rows, dim, seed} -> {ms, topics, outliers, labels, ofVectors}; kmeans {vectors, rows, dim, clusters,
seed} -> {ms, labels}; agreement {labels, truth} -> {ari, nmi}. path: JSON lines with text; vectors: raw 32-bit floats (rows, dim).
labels: every row in a topic, rows that HDBSCAN leaves out by reduce_outliers' default strategy; ofVectors: by their vectors.
"""

import argparse
import json
import os
import sys
import time

parser = argparse.ArgumentParser()
parser.add_argument("--threads", type=int, default=2)
options = parser.parse_args()
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[name] = str(options.threads)
os.environ["TOKENIZERS_PARALLELISM"] = "false"

import bertopic
import numpy as np
import sklearn
import umap
from bertopic import BERTopic
from bertopic.backend import BaseEmbedder
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from peer import serve


def read(vectors, rows, dim):
    return np.fromfile(vectors, np.float32).reshape(rows, dim)


def topics(path, vectors, rows, dim, seed=0):
    with open(path, encoding="utf-8") as file:
        texts = [json.loads(line)["text"] for line in file]
    x = read(vectors, rows, dim)
    start = time.perf_counter()
    # As BERTopic makes it, but with a seed.
    own = umap.UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", low_memory=False, random_state=seed)
    model = BERTopic(umap_model=own, embedding_model=BaseEmbedder())
    found, _ = model.fit_transform(texts, embeddings=x)
    labels = model.reduce_outliers(texts, found)
    ms = 1e3 * (time.perf_counter() - start)
    near = model.reduce_outliers(texts, found, strategy="embeddings", embeddings=x)
    whole = lambda values: [int(one) for one in values]
    outliers = sum(one == -1 for one in found) / rows
    return {"ms": ms, "topics": len(set(found) - {-1}), "outliers": outliers, "labels": whole(labels), "ofVectors": whole(near)}


def kmeans(vectors, rows, dim, clusters, seed=0):
    start = time.perf_counter()
    labels = KMeans(clusters, n_init=10, random_state=seed).fit_predict(read(vectors, rows, dim))
    return {"ms": 1e3 * (time.perf_counter() - start), "labels": labels.tolist()}


def agreement(labels, truth):
    return {"ari": adjusted_rand_score(truth, labels), "nmi": normalized_mutual_info_score(truth, labels)}


serve(
    {"bertopic": topics, "kmeans": kmeans, "agreement": agreement},
    versions={"bertopic": bertopic.__version__, "umap-learn": umap.__version__, "scikit-learn": sklearn.__version__, "python": sys.version.split()[0]},
)
