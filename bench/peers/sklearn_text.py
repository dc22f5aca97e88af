"""scikit-learn's text models on rows that our side wrote, for bench/accuracy.ts, bench/predict.ts and bench/regression.ts.

    sklearn_text.py --threads 1                     serves JSON lines (peer.py)
    sklearn_text.py --print train.jsonl test.jsonl  fits every kind and prints

A table is JSON lines of {"text": ..., "label": ...} (or a CSV with these columns). Commands: fit {kind, train, test}
-> {accuracy, fitMs, predictMs, rows, features}; ridge {kind, train, test} -> {mae, r2, fitMs, penalty}, labels as numbers and
the answers cut to the range of the training rows; grid {train, test, seconds} -> {accuracy, answers, seconds, kind, C, tried}, three
pipelines tuned by GridSearchCV (5 folds) for so long, the best by its folds; score {file, out?} -> {rows, ms, rowsPerSecond}, with the model fitted last,
reading and writing in chunks of 50,000 rows as a user with a large table would.

Kinds, all with 1 + log(tf): word (1,2), char (2,5) within words (char_wb), char-across (2,5) across word borders."""

import argparse
import json
import os
import sys
import time

parser = argparse.ArgumentParser()
parser.add_argument("--threads", type=int, default=1)
parser.add_argument("--print", nargs=2, metavar=("TRAIN", "TEST"))
options = parser.parse_args()
os.environ["OMP_NUM_THREADS"] = str(options.threads)

import numpy as np
import pandas as pd
import sklearn
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression, RidgeCV
from sklearn.metrics import f1_score, mean_absolute_error, r2_score
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.pipeline import Pipeline, make_pipeline, make_union
from sklearn.svm import LinearSVC

from peer import memory_mb, serve

KINDS = {
    "word": lambda: TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
    "char": lambda: TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True),
    "word-char": lambda: make_union(KINDS["word"](), KINDS["char"]()),
    "char-across": lambda: TfidfVectorizer(analyzer="char", ngram_range=(2, 5), sublinear_tf=True),
    "word-char-across": lambda: make_union(KINDS["word"](), KINDS["char-across"]()),
}
model = None


def read(path):
    if path.endswith(".csv"):
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
    else:
        table = pd.read_json(path, lines=True, dtype=False, convert_dates=False)
    return table["text"].tolist(), table["label"].astype(str).tolist()


def fit(kind, train, test):
    global model
    texts, labels = read(train)
    test_texts, test_labels = read(test)
    model = make_pipeline(KINDS[kind](), LinearSVC())
    start, start_cpu = time.perf_counter(), time.process_time()
    model.fit(texts, labels)
    fitted, fitted_cpu = time.perf_counter(), time.process_time()
    answers = model.predict(test_texts)
    done = time.perf_counter()
    return {
        "accuracy": float(np.mean(answers == np.array(test_labels))),
        "macroF1": float(f1_score(test_labels, answers, average="macro")),
        "fitMs": 1e3 * (fitted - start),
        "fitCpuMs": 1e3 * (fitted_cpu - start_cpu),
        "predictMs": 1e3 * (done - fitted),
        "rows": len(texts),
        "testRows": len(test_texts),
        "features": model[-1].n_features_in_,
        **memory_mb(),
    }


def ridge(kind, train, test):
    texts, labels = read(train)
    test_texts, test_labels = read(test)
    y, truth = np.array(labels, dtype=float), np.array(test_labels, dtype=float)
    start = time.perf_counter()
    fitted = make_pipeline(KINDS[kind](), RidgeCV(alphas=[100, 10, 1, 0.1, 0.01])).fit(texts, y)
    fit_ms = 1e3 * (time.perf_counter() - start)
    answers = np.clip(fitted.predict(test_texts), y.min(), y.max())
    return {
        "mae": float(mean_absolute_error(truth, answers)),
        "r2": float(r2_score(truth, answers)),
        "fitMs": fit_ms,
        "penalty": float(fitted[-1].alpha_),
    }


PIPELINES = {
    "word SVC": lambda: Pipeline([("features", KINDS["word"]()), ("model", LinearSVC())]),
    "word + character SVC": lambda: Pipeline([("features", KINDS["word-char"]()), ("model", LinearSVC())]),
    "word logistic regression": lambda: Pipeline([("features", KINDS["word"]()), ("model", LogisticRegression(max_iter=1000))]),
}


def grid(train, test, seconds):
    start = time.perf_counter()
    texts, labels = read(train)
    test_texts, test_labels = read(test)
    took, best, tried = {}, None, 0
    for scale in (1, 0.1, 10, 0.3, 3, 0.03, 30):
        for name, pipeline in PIPELINES.items():
            c = scale * (10 if "logistic" in name else 1)
            # The best one is fitted once more.
            if best and time.perf_counter() - start + 1.3 * took.get(name, max(took.values())) > seconds:
                continue
            began = time.perf_counter()
            folds = StratifiedKFold(5, shuffle=True, random_state=0)
            search = GridSearchCV(pipeline(), {"model__C": [c]}, cv=folds, n_jobs=options.threads, refit=False)
            search.fit(texts, labels)
            took[name] = time.perf_counter() - began
            tried += 1
            if best is None or search.best_score_ > best[0]:
                best = (search.best_score_, name, c)
    _, name, c = best
    answers = PIPELINES[name]().set_params(model__C=c).fit(texts, labels).predict(test_texts)
    return {
        "accuracy": float(np.mean(answers == np.array(test_labels))),
        "answers": answers.tolist(),
        "seconds": time.perf_counter() - start,
        "kind": name,
        "C": c,
        "tried": tried,
    }


def score(file, out=None, chunk=50_000):
    start, rows = time.perf_counter(), 0
    reader = pd.read_csv(file, chunksize=chunk, dtype=str, keep_default_na=False) if file.endswith(".csv") else pd.read_json(
        file, lines=True, chunksize=chunk, dtype=False, convert_dates=False
    )
    for part in reader:
        part["predicted"] = model.predict(part["text"])
        if out:
            part.to_csv(out, mode="w" if rows == 0 else "a", header=rows == 0, index=False)
        rows += len(part)
    seconds = time.perf_counter() - start
    return {"rows": rows, "ms": 1e3 * seconds, "rowsPerSecond": rows / seconds, **memory_mb()}


if options.print:
    for name in KINDS:
        print(name, json.dumps(fit(name, *options.print)))
    sys.exit()

serve(
    {"fit": fit, "ridge": ridge, "grid": grid, "score": score, "memory": memory_mb},
    versions={"scikit-learn": sklearn.__version__, "pandas": pd.__version__, "python": sys.version.split()[0]},
)
