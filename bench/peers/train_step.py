"""PyTorch's whole training steps (zero_grad, forward, loss, backward, optimizer) for bench/train.ts.

    train_step.py transformer|lstm|cnn --threads n          serves JSON lines (peer.py)
    train_step.py transformer --threads 1 --print           prints medians of eager, fused and compiled and ends

Commands: step {n, mode} -> {ms: [...], loss}; modes: eager (the optimizer's default implementation), fused (its fused one),
compile (torch.compile on model and loss). export {folder} writes <shape>.safetensors (the first weights) and <shape>.json
(shape, one batch, layout, optimizer, the losses of five eager steps on that batch without dropout)."""

import argparse
import copy
import json
import os
import pathlib
import statistics
import sys

parser = argparse.ArgumentParser()
parser.add_argument("shape", choices=["transformer", "lstm", "cnn"])
parser.add_argument("--threads", type=int, default=1)
parser.add_argument("--print", action="store_true")
parser.add_argument("--modes", default="eager,fused,compile")
options = parser.parse_args()
os.environ["OMP_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = str(options.threads)

import torch
import torch.nn.functional as F
from torch import nn

from peer import memory_mb, serve, timed_ms

torch.set_num_threads(options.threads)
# As ours does: the LSTM's gradients fade into numbers below the normal ones, which make a step ten times as slow.
torch.set_flush_denormal(True)
SEED = 7


class Block(nn.Module):
    """x + proj(attention(norm1(x))), then x + project(gelu(expand(norm2(x))))."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.proj = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.expand, self.project = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x):
        B, T, C = x.shape
        q, k, v = self.qkv(self.norm1(x)).view(B, T, 3, self.heads, C // self.heads).permute(2, 0, 3, 1, 4)
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.proj(y.transpose(1, 2).reshape(B, T, C))
        return x + self.project(F.gelu(self.expand(self.norm2(x))))


class LanguageModel(nn.Module):
    def __init__(self, vocab=5000, width=256, layers=4, heads=4, length=128):
        super().__init__()
        self.tokens, self.positions = nn.Embedding(vocab, width), nn.Embedding(length, width)
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(layers))
        self.norm, self.output = nn.LayerNorm(width), nn.Linear(width, vocab, bias=False)
        for table in (self.tokens, self.positions):
            nn.init.normal_(table.weight, std=0.02)

    def forward(self, ids, targets):
        x = self.tokens(ids) + self.positions.weight[: ids.shape[1]]
        for block in self.blocks:
            x = block(x)
        logits = self.output(self.norm(x))
        return F.cross_entropy(logits.flatten(0, 1), targets.flatten())


class LstmClassifier(nn.Module):
    def __init__(self, vocab=20000, embedding=128, hidden=128, classes=2):
        super().__init__()
        self.tokens = nn.Embedding(vocab, embedding)
        self.lstm = nn.LSTM(embedding, hidden, 2, batch_first=True)
        self.output = nn.Linear(hidden, classes)
        nn.init.uniform_(self.tokens.weight, -0.05, 0.05)

    def forward(self, ids, targets):
        y, _ = self.lstm(self.tokens(ids))
        return F.cross_entropy(self.output(y[:, -1]), targets)


class Cnn(nn.Module):
    """Kim 2014: widths 3, 4, 5, 100 filters each, ReLU, max over time, dropout 0.5, dense."""

    def __init__(self, vocab=20000, embedding=128, filters=100, classes=2):
        super().__init__()
        self.tokens = nn.Embedding(vocab, embedding)
        self.convolutions = nn.ModuleList(nn.Conv1d(embedding, filters, width) for width in (3, 4, 5))
        self.dropout, self.output = nn.Dropout(0.5), nn.Linear(3 * filters, classes)
        nn.init.uniform_(self.tokens.weight, -0.05, 0.05)

    def forward(self, ids, targets):
        x = self.tokens(ids).transpose(1, 2)
        pooled = [F.relu(convolution(x)).amax(2) for convolution in self.convolutions]
        return F.cross_entropy(self.output(self.dropout(torch.cat(pooled, 1))), targets)


# Batches are full: no padding. Ids are uniform, so that a batch touches as many rows of the table as it can.
SHAPES = {
    "transformer": {
        "model": LanguageModel,
        "size": {"vocab": 5000, "width": 256, "layers": 4, "heads": 4, "length": 128, "batch": 16},
        "optimizer": (torch.optim.AdamW, {"lr": 3e-4, "betas": (0.9, 0.999), "eps": 1e-8, "weight_decay": 0.01}),
        "unit": "tokens",
        "layout": "linear weights (out, in), y = x W^T + b; qkv.weight (3C, C): rows of q, k, v; pre-norm, exact GELU, learned "
        "positions, LayerNorm before the output, epsilon 1e-5; targets are the next ids; loss = mean cross-entropy",
    },
    "lstm": {
        "model": LstmClassifier,
        "size": {"vocab": 20000, "embedding": 128, "hidden": 128, "classes": 2, "length": 200, "batch": 32},
        "optimizer": (torch.optim.Adam, {"lr": 1e-3, "betas": (0.9, 0.999), "eps": 1e-8}),
        "unit": "sequences",
        "layout": "lstm.weight_ih_l0 (4H, E), weight_hh_l0 (4H, H), two biases (4H), gate order i f g o (in "
        "the losses given bias_hh stays fixed: one bias with their sum trains the same); the last step's state of layer 2 into output.weight (classes, H)",
    },
    "cnn": {
        "model": Cnn,
        "size": {"vocab": 20000, "embedding": 128, "filters": 100, "widths": [3, 4, 5], "classes": 2, "length": 64, "batch": 64},
        "optimizer": (torch.optim.Adam, {"lr": 1e-3, "betas": (0.9, 0.999), "eps": 1e-8}),
        "unit": "sequences",
        "layout": "convolutions.k.weight (filters, embedding, width), valid; ReLU, max over time; widths in order 3, 4, 5 into "
        "output.weight (classes, 300); dropout 0.5 before it (none in the losses given)",
    },
}

shape = SHAPES[options.shape]
size = shape["size"]
torch.manual_seed(SEED)
first = shape["model"]()


def make_batch(seed):
    generator = torch.Generator().manual_seed(seed)
    if options.shape == "transformer":
        ids = torch.randint(size["vocab"], (size["batch"], size["length"] + 1), generator=generator)
        return ids[:, :-1].contiguous(), ids[:, 1:].contiguous()
    ids = torch.randint(size["vocab"], (size["batch"], size["length"]), generator=generator)
    return ids, torch.randint(size["classes"], (size["batch"],), generator=generator)


batches = [make_batch(100 + i) for i in range(8)]


def make_trainer(mode, dropout=True, one_bias=False):
    """A function that makes one whole step on one batch and gives the loss. one_bias: bias_hh stays as it is, so that
    an LSTM with one bias (bias_ih + bias_hh) trains the same."""
    model = copy.deepcopy(first)
    for name, parameter in model.named_parameters():
        if one_bias and "bias_hh" in name:
            parameter.requires_grad_(False)
    for module in model.modules():
        if isinstance(module, nn.Dropout) and not dropout:
            module.p = 0.0
    make, settings = shape["optimizer"]
    optimizer = make(model.parameters(), **settings, **({"fused": True} if mode == "fused" else {}))
    run = torch.compile(model) if mode == "compile" else model

    def step(ids, targets):
        optimizer.zero_grad()
        loss = run(ids, targets)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


trainers, counts = {}, {}


def step(n, mode="eager"):
    if mode not in trainers:
        trainers[mode], counts[mode] = make_trainer(mode), 0
    last = 0.0

    def once():
        nonlocal last
        last = trainers[mode](*batches[counts[mode] % len(batches)])
        counts[mode] += 1

    return {"ms": timed_ms(once, n), "loss": last}


def export(folder):
    from safetensors.torch import save_file

    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    weights = {name: value.detach().clone().contiguous() for name, value in first.named_parameters()}
    save_file(weights, folder / f"{options.shape}.safetensors")
    ids, targets = batches[0]
    trainer = make_trainer("eager", dropout=False, one_bias=True)
    make, settings = shape["optimizer"]
    about = {
        "shape": options.shape,
        "size": size,
        "library": f"torch {torch.__version__}",
        "seed": SEED,
        "layout": shape["layout"],
        "optimizer": {"name": make.__name__, **settings},
        "ids": ids.tolist(),
        "targets": targets.tolist(),
        "losses": [trainer(ids, targets) for _ in range(5)],
        "parameters": {name: list(value.shape) for name, value in weights.items()},
    }
    (folder / f"{options.shape}.json").write_text(json.dumps(about))
    return {"losses": about["losses"], "folder": str(folder)}


if options.print:
    per_step = size["batch"] * (size["length"] if shape["unit"] == "tokens" else 1)
    for mode in options.modes.split(","):
        first_ms = step(1, mode)["ms"][0]
        step(2, mode)
        ms = step(15, mode)["ms"]
        median = statistics.median(ms)
        print(
            f"{options.shape} {mode}, {options.threads} threads: median {median:.1f} ms (min {min(ms):.1f}, max {max(ms):.1f}), "
            f"{1e3 * per_step / median:.0f} {shape['unit']}/s, first step {first_ms / 1e3:.1f} s",
            flush=True,
        )
    sys.exit()

serve(
    {"step": step, "export": export, "memory": memory_mb},
    shape=options.shape,
    size=size,
    unit=shape["unit"],
    threads=torch.get_num_threads(),
    versions={"torch": torch.__version__, "python": sys.version.split()[0]},
    parameters=sum(p.numel() for p in first.parameters()),
)
