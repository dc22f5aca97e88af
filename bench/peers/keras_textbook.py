"""The textbook program in Keras 3 on TensorFlow, for bench/keras.ts: Embedding, LSTM(return_sequences), Dropout 0.5, LSTM,
Dense softmax; categorical_crossentropy, adam, accuracy.

    .venv-keras/bin/python keras_textbook.py <folder> [--epochs 3] [--batch 32] [--threads n] [--seed n]

Reads <folder>/meta.json {vocabSize, length, classes, embeddingDim, hiddenUnits, train: n, validation: n} and, little-endian int32,
row-major: train.ids (n, length), train.labels (n), validation.ids, validation.labels. Serves JSON lines (peer.py): epoch
{} -> {ms, steps, stepMs, accuracy, loss, valAccuracy, valLoss}; the model goes on from epoch to epoch; reset {seed} begins again;
predict {} -> {ms, rows}. With --print it trains alone and prints."""

import argparse
import json
import os
import pathlib
import sys
import time

parser = argparse.ArgumentParser()
parser.add_argument("folder", type=pathlib.Path)
parser.add_argument("--epochs", type=int, default=3)
parser.add_argument("--batch", type=int, default=32)
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--print", action="store_true")
options = parser.parse_args()
os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
os.environ["OMP_NUM_THREADS"] = str(options.threads)

import keras
import numpy as np
import tensorflow as tf

from peer import memory_mb, serve

tf.config.threading.set_intra_op_parallelism_threads(options.threads)
tf.config.threading.set_inter_op_parallelism_threads(options.threads)
meta = json.loads((options.folder / "meta.json").read_text())


def rows_of(part):
    ids = np.fromfile(options.folder / f"{part}.ids", "<i4").reshape(meta[part], meta["length"])
    labels = np.fromfile(options.folder / f"{part}.labels", "<i4")
    return ids, keras.utils.to_categorical(labels, meta["classes"])


x_train, y_train = rows_of("train")
x_val, y_val = rows_of("validation")
model = None


class StepTimes(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        self.steps, self.started = 0, time.perf_counter()

    def on_train_batch_end(self, batch, logs=None):
        self.steps, self.last = self.steps + 1, time.perf_counter()


def reset(seed=options.seed):
    global model
    keras.utils.set_random_seed(seed)
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((meta["length"],), dtype="int32"),
            layers.Embedding(meta["vocabSize"], meta["embeddingDim"]),
            layers.LSTM(meta["hiddenUnits"], return_sequences=True),
            layers.Dropout(0.5),
            layers.LSTM(meta["hiddenUnits"]),
            layers.Dense(meta["classes"], activation="softmax"),
        ]
    )
    model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
    return {"parameters": model.count_params()}


def epoch():
    """One epoch of fit; the first of a model holds the tracing of its graph. ms is the whole fit, validation included."""
    times = StepTimes()
    start = time.perf_counter()
    history = model.fit(x_train, y_train, batch_size=options.batch, epochs=1, validation_data=(x_val, y_val), verbose=0, callbacks=[times])
    ms = 1e3 * (time.perf_counter() - start)
    last = {key: values[-1] for key, values in history.history.items()}
    return {
        "ms": ms,
        "steps": times.steps,
        "stepMs": 1e3 * (times.last - times.started) / times.steps,
        "accuracy": last["accuracy"],
        "loss": last["loss"],
        "valAccuracy": last["val_accuracy"],
        "valLoss": last["val_loss"],
    }


def predict():
    start = time.perf_counter()
    rows = len(model.predict(x_val, batch_size=256, verbose=0))
    return {"ms": 1e3 * (time.perf_counter() - start), "rows": rows}


reset()
if options.print:
    for number in range(options.epochs):
        print(f"epoch {number + 1}: {json.dumps(epoch())}", flush=True)
    sys.exit()

serve(
    {"reset": reset, "epoch": epoch, "predict": predict, "memory": memory_mb},
    versions={"keras": keras.__version__, "tensorflow": tf.__version__, "python": sys.version.split()[0]},
    parameters=model.count_params(),
    threads=options.threads,
)
