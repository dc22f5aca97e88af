"""PyTorch scoring with networks of the same shape as ours, for bench/predict.ts. The weights are random: only speed counts.

    predict_torch.py <shape.json> --threads n [--tokenizer tokenizer.json]

shape.json: {"family": "cnn"|"lstm"|"transformer", "vocabSize", "embeddingDim", "classes", "maxLength", and
cnn: "filters", "widths"; lstm: "hiddenSize", "layers", "bidirectional", "pooling": "max"|"mean"|"last";
transformer: "layers", "heads", "feedForward", "normFirst"}.
Commands: score {ids, lengths, batch} -> {rows, ms, rowsPerSecond}: little-endian int32 files, the rows' ids end to end and their
lengths; score_table {file, out, batch}: reads CSV or JSON lines with a column "text" in chunks of 50,000 rows, tokenises with
Python's tokenizers, scores, and writes the CSV with a column "predicted". Both sort each chunk by length."""

import argparse
import json
import os
import pathlib
import sys
import time

parser = argparse.ArgumentParser()
parser.add_argument("shape", type=pathlib.Path)
parser.add_argument("--threads", type=int, default=1)
parser.add_argument("--tokenizer")
options = parser.parse_args()
for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"):
    os.environ[name] = str(options.threads)

import numpy as np
import pandas as pd
import torch
import torch.nn.functional as F
from torch import nn

from peer import memory_mb, serve

torch.set_num_threads(options.threads)
torch.manual_seed(1)
shape = json.loads(options.shape.read_text())
CHUNK = 50_000


class Cnn(nn.Module):
    def __init__(self):
        super().__init__()
        E, filters, widths = shape["embeddingDim"], shape["filters"], shape["widths"]
        self.tokens = nn.Embedding(shape["vocabSize"], E, padding_idx=0)
        self.convolutions = nn.ModuleList(nn.Conv1d(E, filters, width) for width in widths)
        self.output = nn.Linear(filters * len(widths), shape["classes"])
        self.shortest = max(widths)

    def forward(self, ids, lengths):
        x = self.tokens(F.pad(ids, (0, max(0, self.shortest - ids.shape[1])))).transpose(1, 2)
        return self.output(torch.cat([F.relu(c(x)).amax(2) for c in self.convolutions], 1))


class Lstm(nn.Module):
    def __init__(self):
        super().__init__()
        both = shape.get("bidirectional", True)
        self.tokens = nn.Embedding(shape["vocabSize"], shape["embeddingDim"], padding_idx=0)
        self.lstm = nn.LSTM(shape["embeddingDim"], shape["hiddenSize"], shape.get("layers", 1), batch_first=True, bidirectional=both)
        self.output = nn.Linear(shape["hiddenSize"] * (2 if both else 1), shape["classes"])
        self.pooling = shape.get("pooling", "max")

    def forward(self, ids, lengths):
        packed = nn.utils.rnn.pack_padded_sequence(self.tokens(ids), lengths, batch_first=True, enforce_sorted=False)
        y, _ = nn.utils.rnn.pad_packed_sequence(self.lstm(packed)[0], batch_first=True)
        mask = (torch.arange(y.shape[1])[None] < lengths[:, None])[..., None]
        if self.pooling == "max":
            pooled = y.masked_fill(~mask, float("-inf")).amax(1)
        elif self.pooling == "mean":
            pooled = (y * mask).sum(1) / lengths[:, None]
        else:
            pooled = y[torch.arange(len(y)), lengths - 1]
        return self.output(pooled)


class Transformer(nn.Module):
    def __init__(self):
        super().__init__()
        C = shape["embeddingDim"]
        self.tokens = nn.Embedding(shape["vocabSize"], C, padding_idx=0)
        self.positions = nn.Embedding(shape["maxLength"], C)
        layer = nn.TransformerEncoderLayer(
            C, shape["heads"], shape["feedForward"], activation="gelu", batch_first=True, norm_first=shape.get("normFirst", True)
        )
        self.encoder = nn.TransformerEncoder(layer, shape["layers"], enable_nested_tensor=False)
        self.output = nn.Linear(C, shape["classes"])

    def forward(self, ids, lengths):
        mask = torch.arange(ids.shape[1])[None] < lengths[:, None]
        x = self.tokens(ids) + self.positions.weight[: ids.shape[1]]
        y = self.encoder(x, src_key_padding_mask=~mask)
        return self.output((y * mask[..., None]).sum(1) / lengths[:, None])


model = {"cnn": Cnn, "lstm": Lstm, "transformer": Transformer}[shape["family"]]().eval()


@torch.inference_mode()
def probabilities(rows, batch):
    """rows: int arrays of ids. (rows, classes), in the order given."""
    lengths = np.array([max(1, min(len(row), shape["maxLength"])) for row in rows])
    order = np.argsort(lengths, kind="stable")
    out = np.empty((len(rows), shape["classes"]), "f")
    for start in range(0, len(rows), batch):
        part = order[start : start + batch]
        ids = np.zeros((len(part), lengths[part].max()), "i8")
        for i, row in enumerate(part):
            values = rows[row][: lengths[row]]
            ids[i, : len(values)] = values
        out[part] = F.softmax(model(torch.from_numpy(ids), torch.from_numpy(lengths[part])), -1).numpy()
    return out


def score(ids, lengths, batch=256):
    lengths = np.fromfile(lengths, "<i4")
    rows = np.split(np.fromfile(ids, "<i4") % shape["vocabSize"], np.cumsum(lengths)[:-1])
    start = time.perf_counter()
    for first in range(0, len(rows), CHUNK):
        probabilities(rows[first : first + CHUNK], batch)
    seconds = time.perf_counter() - start
    return {"rows": len(rows), "ms": 1e3 * seconds, "rowsPerSecond": len(rows) / seconds, **memory_mb()}


def score_table(file, out, batch=256):
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(options.tokenizer)
    tokenizer.no_padding()
    start, count = time.perf_counter(), 0
    reader = (
        pd.read_csv(file, chunksize=CHUNK, dtype=str, keep_default_na=False)
        if file.endswith(".csv")
        else pd.read_json(file, lines=True, chunksize=CHUNK, dtype=False, convert_dates=False)
    )
    for part in reader:
        rows = [np.array(encoding.ids) % shape["vocabSize"] for encoding in tokenizer.encode_batch_fast(part["text"].tolist())]
        part["predicted"] = probabilities(rows, batch).argmax(1)
        part.to_csv(out, mode="w" if count == 0 else "a", header=count == 0, index=False)
        count += len(part)
    seconds = time.perf_counter() - start
    return {"rows": count, "ms": 1e3 * seconds, "rowsPerSecond": count / seconds, **memory_mb()}


serve(
    {"score": score, "score_table": score_table, "memory": memory_mb},
    family=shape["family"],
    parameters=sum(p.numel() for p in model.parameters()),
    versions={"torch": torch.__version__, "python": sys.version.split()[0]},
)
