"""PyTorch writing greedily with a key-value cache, for bench/generate.ts: the same GPT-2 arrangement, weights and prompts.

    generate_torch.py <folder> --threads n

<folder> holds weights.safetensors of a Columnist model and shape.json (its `model` part of columnist.json). Kernels are
(in, out), as Columnist keeps them: they are turned once. The cache is one array a layer of full length, written in place.
Commands: write {prompts: [[id, ...], ...] of one length, tokens} -> {ms, ids}: ms for the steps behind the prompt alone."""

import argparse
import json
import os
import pathlib
import sys
import time

parser = argparse.ArgumentParser()
parser.add_argument("folder", type=pathlib.Path)
parser.add_argument("--threads", type=int, default=1)
options = parser.parse_args()
os.environ["OMP_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = str(options.threads)

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import nn

from peer import memory_mb, serve

torch.set_num_threads(options.threads)
shape = json.loads((options.folder / "shape.json").read_text())
weights = load_file(options.folder / "weights.safetensors")
C, H, T = shape["width"], shape["heads"], shape["contextLength"]


def linear(*names):
    """One Linear of several kernels side by side."""
    kernel = torch.cat([weights[f"{name}/kernel"] for name in names], 1).T.contiguous()
    layer = nn.Linear(kernel.shape[1], kernel.shape[0])
    layer.weight.data = kernel
    layer.bias.data = torch.cat([weights[f"{name}/bias"] for name in names])
    return layer


def norm(name):
    layer = nn.LayerNorm(C)
    layer.weight.data, layer.bias.data = weights[f"{name}/gamma"], weights[f"{name}/beta"]
    return layer


class Block(nn.Module):
    def __init__(self, name):
        super().__init__()
        self.norm1, self.norm2 = norm(f"{name}/norm1"), norm(f"{name}/norm2")
        self.qkv = linear(*(f"{name}/attention/{part}" for part in ("query", "key", "value")))
        self.output = linear(f"{name}/attention/output")
        self.expand, self.project = linear(f"{name}/feedForward/expand"), linear(f"{name}/feedForward/project")

    def forward(self, x, cache, at):
        B, n, _ = x.shape
        q, k, v = self.qkv(self.norm1(x)).view(B, n, 3, H, C // H).permute(2, 0, 3, 1, 4)
        keys, values = cache
        keys[:, :, at : at + n], values[:, :, at : at + n] = k, v
        y = F.scaled_dot_product_attention(q, keys[:, :, : at + n], values[:, :, : at + n], is_causal=n > 1)
        x = x + self.output(y.transpose(1, 2).reshape(B, n, C))
        return x + self.project(F.gelu(self.expand(self.norm2(x))))


class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.tokens = nn.Embedding.from_pretrained(weights["embedding/table"])
        self.positions = nn.Embedding.from_pretrained(weights["positions/table"])
        self.blocks = nn.ModuleList(Block(f"blocks/{i}") for i in range(shape["layers"]))
        self.norm = norm("norm")

    def forward(self, ids, cache, at):
        x = self.tokens(ids) + self.positions.weight[at : at + ids.shape[1]]
        for block, kept in zip(self.blocks, cache):
            x = block(x, kept, at)
        return F.linear(self.norm(x[:, -1]), self.tokens.weight)


model = Decoder().eval()


@torch.inference_mode()
def write(prompts, tokens):
    ids = torch.tensor(prompts)
    B, at = ids.shape
    cache = [(torch.empty(B, H, T, C // H), torch.empty(B, H, T, C // H)) for _ in model.blocks]
    logits = model(ids, cache, 0)
    written = []
    start = time.perf_counter()
    for step in range(tokens):
        next_ids = logits.argmax(-1)
        written.append(next_ids.tolist())
        if step + 1 < tokens:
            logits = model(next_ids[:, None], cache, at)
            at += 1
    seconds = time.perf_counter() - start
    return {"ms": 1e3 * seconds, "ids": [list(row) for row in zip(*written)]}


serve(
    {"write": write, "memory": memory_mb},
    parameters=sum(weight.numel() for weight in weights.values()),
    versions={"torch": torch.__version__, "python": sys.version.split()[0]},
)
