"""Writes linear.json beside it. Needs: pip install scikit-learn==1.9.1 numpy. Seed 11.

svm: coefficients of LinearSVC (squared hinge, dual). tfidf: sorted values of each row of TfidfVectorizer over the same
n-grams. ratios: log-count ratios of Wang and Manning (2012), blended.
"""
import json
import pathlib

import numpy as np
import sklearn
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

rng = np.random.default_rng(11)


def svm(rows, features, C):
    x = np.round(rng.normal(size=(rows, features)) * (rng.random((rows, features)) < 0.6), 3)
    y = np.where(x @ rng.normal(size=features) + 0.7 * rng.normal(size=rows) > 0.2, 1, -1)
    model = LinearSVC(C=C, tol=1e-12, max_iter=1_000_000).fit(x, y)
    return {"x": x.tolist(), "signs": y.tolist(), "C": C, "weights": model.coef_[0].tolist(), "bias": model.intercept_[0]}


texts = ["the cat sat on the mat", "the dog sat", "a cat and a dog and a cat", "on the mat", "sat sat sat sat", "zebra"]


def word_ngrams(text):
    words = ["\x01", *text.split(), "\x02"]
    return words[1:-1] + [" ".join(pair) for pair in zip(words, words[1:])]


def tfidf(vectorizer):
    matrix = vectorizer.fit_transform(texts)
    return {"features": matrix.shape[1], "rows": [sorted((row.data / np.sqrt(2)).tolist()) for row in matrix]}


def character_ngrams(text):
    framed = "\x01 " + text + " \x02"
    runs = [framed[at : at + n] for n in range(2, 6) for at in range(len(framed) - n + 1)]
    return [run for run in runs if run not in ("\x01 ", " \x02")]


counts = rng.integers(0, 2, size=(20, 6))
labels = rng.integers(0, 2, size=20)
p, q = 1 + counts[labels == 1].sum(0), 1 + counts[labels == 0].sum(0)
r = np.abs(np.log((p / p.sum()) / (q / q.sum())))

out = {
    "made by": f"test/golden/linear.py, scikit-learn {sklearn.__version__}, numpy {np.__version__}, seed 11",
    "svm": [svm(40, 5, 1.0), svm(60, 8, 0.05), svm(25, 12, 10.0)],
    "tfidf": {
        "texts": texts,
        "words": tfidf(TfidfVectorizer(analyzer=word_ngrams, sublinear_tf=True)),
        "characters": tfidf(TfidfVectorizer(analyzer=character_ngrams, sublinear_tf=True, min_df=2)),
    },
    "ratios": {
        "inClass": counts[labels == 1].sum(0).tolist(),
        "inAll": counts.sum(0).tolist(),
        "plain": r.tolist(),
        "half": (0.5 * r + 0.5 * r.mean()).tolist(),
    },
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(out, separators=(",", ":")) + "\n")
