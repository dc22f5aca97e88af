"""scikit-learn's one-vs-rest classifiers of sets of labels on rows that our side wrote, for bench/multilabel.ts.

    sklearn_multilabel.py --threads 1    serves JSON lines (peer.py)

A table is JSON lines of {"text": ..., "labels": [...]}. Command: fit {model, kind, train, validation, test} -> {alone: {microF1,
macroF1}, drawn: {microF1, macroF1}, fitCpuMs, features}. A model is fitted on `train`, a threshold for each label on `validation`, and
both are measured on `test`. Thresholds alone: those with the best F1 of each label, midway between two scores. Drawn: as our side does it,
to the one of all labels together, as though two more rows had it.

Models: svc (LinearSVC), logistic (LogisticRegression), each one-vs-rest with its defaults. Kinds, all with 1 + log(tf): word (1,2),
char (2,5) within words (char_wb), word-char (both side by side)."""

import argparse
import json
import os
import sys
import time
import warnings

parser = argparse.ArgumentParser()
parser.add_argument("--threads", type=int, default=1)
options = parser.parse_args()
os.environ["OMP_NUM_THREADS"] = str(options.threads)

import numpy as np
import sklearn
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, precision_recall_curve
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_union
from sklearn.preprocessing import MultiLabelBinarizer
from sklearn.svm import LinearSVC

from peer import serve

warnings.filterwarnings("ignore")
KINDS = {
    "word": lambda: TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
    "char": lambda: TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True),
    "word-char": lambda: make_union(KINDS["word"](), KINDS["char"]()),
}
MODELS = {"svc": LinearSVC, "logistic": lambda: LogisticRegression(solver="liblinear")}


def read(path):
    with open(path, encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return [row["text"] for row in rows], [row["labels"] for row in rows]


def threshold(truth, scores):
    """That with the best F1, midway between two neighbouring scores."""
    if not truth.any():
        return np.inf
    precision, recall, cuts = precision_recall_curve(truth, scores)
    f1 = 2 * precision[:-1] * recall[:-1] / np.maximum(precision[:-1] + recall[:-1], 1e-12)
    best = len(f1) - 1 - int(np.argmax(f1[::-1]))
    below = scores[scores < cuts[best]]
    return cuts[best] if below.size == 0 else (cuts[best] + below.max()) / 2


def figures(truth, answers):
    average = lambda kind: float(f1_score(truth, answers, average=kind, zero_division=0))
    return {"microF1": average("micro"), "macroF1": average("macro")}


def fit(model, kind, train, validation, test):
    texts, labels = read(train)
    judge_texts, judge_labels = read(validation)
    test_texts, test_labels = read(test)
    binarizer = MultiLabelBinarizer().fit(labels)
    y, judge_y, test_y = (binarizer.transform(own) for own in (labels, judge_labels, test_labels))
    start = time.process_time()
    vectorizer = KINDS[kind]()
    x = vectorizer.fit_transform(texts)
    classifier = OneVsRestClassifier(MODELS[model]()).fit(x, y)
    fitted = time.process_time()
    scores = classifier.decision_function(vectorizer.transform(judge_texts))
    alone = np.array([threshold(judge_y[:, label], scores[:, label]) for label in range(y.shape[1])])
    common, rows = threshold(judge_y.ravel(), scores.ravel()), judge_y.sum(axis=0)
    drawn = np.where(rows > 0, (rows * np.where(rows > 0, alone, 0) + 2 * common) / (rows + 2), common)
    answers = classifier.decision_function(vectorizer.transform(test_texts))
    return {
        "alone": figures(test_y, answers >= alone),
        "drawn": figures(test_y, answers >= drawn),
        "fitCpuMs": 1e3 * (fitted - start),
        "features": x.shape[1],
    }


serve({"fit": fit}, versions={"scikit-learn": sklearn.__version__, "python": sys.version.split()[0]})
