"""sentence-transformers and transformers on a pretrained encoder, for bench/encoders.ts.

    sentence_encoder.py <model folder> --threads n                             answers requests, see peer.py
    sentence_encoder.py <model folder> --threads n --table t.csv --out v.npy   a whole command: reads, encodes, writes, ends
    sentence_encoder.py … --classes c --out answers.csv                        the same with a random last layer and its answers

Commands: vectors {file, out} -> {rows, dim}: texts a JSON string a line, vectors as little-endian float32; states {file, out}:
last states of the tokens, text by text, without padding; embed {file, out}: -> {seconds}, the table's column "text"."""

import argparse
import json
import os
import time

parser = argparse.ArgumentParser()
parser.add_argument("model")
parser.add_argument("--threads", type=int, default=1)
parser.add_argument("--table")
parser.add_argument("--out")
parser.add_argument("--classes", type=int)
options = parser.parse_args()
for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"):
    os.environ[name] = str(options.threads)
os.environ["HF_HUB_OFFLINE"] = "1"

import numpy as np
import pandas as pd
import sentence_transformers
import torch
import transformers
from sentence_transformers import SentenceTransformer

from peer import memory_mb, serve

torch.set_num_threads(options.threads)
model = SentenceTransformer(options.model, device="cpu", model_kwargs={"dtype": torch.float32})
model.eval()


def read(file):
    with open(file, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def vectors(file, out):
    found = model.encode(read(file), batch_size=32, convert_to_numpy=True).astype("<f4")
    found.tofile(out)
    return {"rows": len(found), "dim": found.shape[1]}


def states(file, out):
    texts = read(file)
    parts = []
    with torch.no_grad():
        for start in range(0, len(texts), 32):
            batch = model.preprocess(texts[start : start + 32])
            mask = batch["attention_mask"]
            found = model[0].model(input_ids=batch["input_ids"], attention_mask=mask).last_hidden_state
            parts += [row[: int(m.sum())].numpy() for row, m in zip(found, mask)]
    np.concatenate(parts).astype("<f4").tofile(out)
    return {"tokens": sum(len(p) for p in parts)}


def embed(file, out):
    start = time.perf_counter()
    table = pd.read_csv(file, keep_default_na=False)
    found = model.encode(table["text"].tolist(), batch_size=32, convert_to_numpy=True)
    if options.classes:
        answers = found @ np.random.default_rng(1).standard_normal((found.shape[1], options.classes), dtype=np.float32)
        table.assign(predicted=answers.argmax(1)).to_csv(out, index=False)
    else:
        np.save(out, found)
    return {"seconds": time.perf_counter() - start, **memory_mb()}


if options.table:
    embed(options.table, options.out)
else:
    versions = {"torch": torch.__version__, "transformers": transformers.__version__, "sentence-transformers": sentence_transformers.__version__}
    serve({"vectors": vectors, "states": states, "embed": embed}, versions=versions)
