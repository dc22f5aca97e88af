"""gensim's word vectors on a file of words (a line a stretch of text). Commands: train {corpus, out, model, epochs, workers,
dim, window, minCount, sample, seed} -> {ms, wordsPerSecond, words}; the vectors go to `out` in word2vec's binary format."""

import sys
import time

import gensim
from gensim.models import FastText, Word2Vec
from gensim.models.word2vec import LineSentence

from peer import memory_mb, serve


def train(corpus, out, model, epochs=5, workers=2, dim=300, window=5, minCount=5, sample=1e-3, seed=1):
    start = time.perf_counter()
    settings = dict(vector_size=dim, window=window, min_count=minCount, sample=sample, seed=seed, workers=workers, epochs=epochs)
    kind = FastText if model == "fasttext" else Word2Vec
    trained = kind(LineSentence(corpus), sg=0 if model == "cbow" else 1, **settings)
    seconds = time.perf_counter() - start
    trained.wv.save_word2vec_format(out, binary=True)
    return {
        "ms": 1e3 * seconds,
        "words": len(trained.wv),
        "wordsPerSecond": trained.corpus_total_words * epochs / seconds,
        **memory_mb(),
    }


serve({"train": train}, versions={"gensim": gensim.__version__, "python": sys.version.split()[0]})
