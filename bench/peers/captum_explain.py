"""Captum's integrated gradients of our networks, with the same weights, for bench/explain.ts.

    captum_explain.py <family> <folder> --threads n

folder: weights.safetensors under our names; of the family full also encoder/, which transformers open.
Commands: attribute {texts: [{ids, label, kept}], steps} -> {ms, shares}: of each text a share for each token. `kept` are the places of
special tokens, whose baseline is themselves; that of all others is `baseline` (a token's id), or zeros without one. As Captum comes:
Gauss-Legendre, all points of a text in one batch."""

import argparse
import os
import pathlib
import time

parser = argparse.ArgumentParser()
parser.add_argument("family")
parser.add_argument("folder", type=pathlib.Path)
parser.add_argument("--threads", type=int, default=1)
parser.add_argument("--baseline", type=int)
parser.add_argument("--heads", type=int, default=4)
options = parser.parse_args()
os.environ["OMP_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = str(options.threads)

import captum
import torch
from captum.attr import IntegratedGradients
from safetensors.torch import load_file

from our_networks import forward, log_odds
from peer import serve

torch.set_num_threads(options.threads)
torch.set_flush_denormal(True)
w = load_file(options.folder / "weights.safetensors")

if options.family == "full":
    from transformers import AutoModel

    encoder = AutoModel.from_pretrained(options.folder / "encoder").eval().requires_grad_(False)
    table = encoder.embeddings.word_embeddings.weight

    def logits(vectors):
        mask = torch.ones(vectors.shape[:2], dtype=torch.long)
        states = encoder(inputs_embeds=vectors, attention_mask=mask).last_hidden_state
        return states.mean(1) @ w["output/kernel"] + w["output/bias"]

else:
    table = w["embedding/table"]
    heads = options.heads

    def logits(vectors):
        return forward(options.family, w, vectors, heads)


def attribute(texts, steps):
    shares = []
    start = time.perf_counter()
    for text in texts:
        ids = torch.tensor(text["ids"])
        x = table[ids][None]
        baseline = torch.zeros_like(x) if options.baseline is None else table[options.baseline].expand_as(x).clone()
        baseline[0, text["kept"]] = x[0, text["kept"]]
        score = lambda vectors: log_odds(logits(vectors), text["label"])
        found = IntegratedGradients(score).attribute(x, baseline, n_steps=steps)
        shares.append(found.sum(2)[0].tolist())
    return {"ms": 1e3 * (time.perf_counter() - start), "shares": shares}


serve({"attribute": attribute}, versions={"captum": captum.__version__, "torch": torch.__version__})
