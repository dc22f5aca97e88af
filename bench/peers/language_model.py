"""PyTorch's language models for bench/language-model.ts: a GPT of nanoGPT's CPU recipe and an LSTM, trained on characters.

    language_model.py gpt|lstm --text file --threads n [--mode eager|compile]        serves JSON lines (peer.py)

Commands: step {n} -> {ms: [...], loss}; evaluate {} -> {loss}: mean over all blocks of the validation text; train {steps,
every, seed} -> {curve: [[step, seconds, loss]]}: a whole run of the recipe with its schedule, seconds of training alone.

Recipe (A. Karpathy, nanoGPT README, "I only have a macbook"): 4 layers, 4 heads, width 128, block 64, batch 12, dropout 0,
2,000 steps, AdamW (0.9, 0.99), learning rate 1e-3 with 100 steps of warm-up and a cosine to 1e-4, weight decay 0.1 on
matrices, clipping at 1, biases in no layer, first 90 % of the text to train on.
"""

import argparse
import json
import math
import os
import pathlib
import sys
import time

parser = argparse.ArgumentParser()
parser.add_argument("family", choices=["gpt", "lstm"])
parser.add_argument("--text", required=True)
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--mode", default="eager", choices=["eager", "compile"])
parser.add_argument("--settings", default="{}", help="JSON over the defaults below")
options = parser.parse_args()
os.environ["OMP_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = str(options.threads)

import torch
import torch.nn.functional as F
from torch import nn

from peer import memory_mb, serve, timed_ms

torch.set_num_threads(options.threads)
S = {"layers": 4, "heads": 4, "width": 128, "block": 64, "batch": 12, "rate": 1e-3, "hidden": 256}
S.update(json.loads(options.settings))

text = pathlib.Path(options.text).read_text(encoding="utf-8")
characters = sorted(set(text))
index = {c: i for i, c in enumerate(characters)}
ids = torch.tensor([index[c] for c in text])
training, validation = ids[: int(0.9 * len(ids))], ids[int(0.9 * len(ids)) :]
vocab = S.get("vocab", len(characters))  # a larger one than the text has costs what it costs with a real text


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.qkv, self.proj = nn.Linear(width, 3 * width, bias=False), nn.Linear(width, width, bias=False)

    def forward(self, x):
        B, T, C = x.shape
        q, k, v = (t.view(B, T, self.heads, C // self.heads).transpose(1, 2) for t in self.qkv(x).split(C, 2))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.proj(y.transpose(1, 2).contiguous().view(B, T, C))


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(width, bias=False), nn.LayerNorm(width, bias=False)
        self.attention = Attention(width, heads)
        self.expand, self.proj = nn.Linear(width, 4 * width, bias=False), nn.Linear(4 * width, width, bias=False)

    def forward(self, x):
        x = x + self.attention(self.norm1(x))
        return x + self.proj(F.gelu(self.expand(self.norm2(x))))


class Gpt(nn.Module):
    def __init__(self):
        super().__init__()
        self.tokens, self.positions = nn.Embedding(vocab, S["width"]), nn.Embedding(S["block"], S["width"])
        self.blocks = nn.ModuleList(Block(S["width"], S["heads"]) for _ in range(S["layers"]))
        self.norm, self.output = nn.LayerNorm(S["width"], bias=False), nn.Linear(S["width"], vocab, bias=False)
        self.output.weight = self.tokens.weight
        for name, p in self.named_parameters():
            if p.dim() > 1:
                nn.init.normal_(p, std=0.02 / (math.sqrt(2 * S["layers"]) if name.endswith("proj.weight") else 1))

    def forward(self, x, y, state=None):
        h = self.tokens(x) + self.positions.weight[: x.shape[1]]
        for block in self.blocks:
            h = block(h)
        return F.cross_entropy(self.output(self.norm(h)).flatten(0, 1), y.flatten()), None


class Lstm(nn.Module):
    """Two layers, the last as wide as the token vectors, which are input and output in one; a norm behind the token
    vectors and one on the last states; the state is carried on."""

    def __init__(self):
        super().__init__()
        self.tokens = nn.Embedding(vocab, S["width"])
        self.first = nn.LSTM(S["width"], S["hidden"], batch_first=True)
        self.last = nn.LSTM(S["hidden"], S["width"], batch_first=True)
        self.embedding_norm = nn.RMSNorm(S["width"], eps=1e-5)
        self.norm = nn.RMSNorm(S["width"], eps=1e-5)
        nn.init.normal_(self.tokens.weight, std=0.02)

    def hidden(self, x, state=None):
        a, b = state or (None, None)
        h, a = self.first(self.embedding_norm(self.tokens(x)), a)
        h, b = self.last(h, b)
        return self.norm(h), (a, b)

    def forward(self, x, y, state=None):
        h, state = self.hidden(x, state)
        state = tuple(tuple(t.detach() for t in pair) for pair in state)
        return F.cross_entropy(F.linear(h, self.tokens.weight).flatten(0, 1), y.flatten()), state


def make(seed):
    torch.manual_seed(seed)
    model = Gpt() if options.family == "gpt" else Lstm()
    decayed = [p for p in model.parameters() if p.dim() > 1]
    others = [p for p in model.parameters() if p.dim() <= 1]
    groups = [{"params": decayed, "weight_decay": 0.1}, {"params": others, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=S["rate"], betas=(0.9, 0.99))
    run = torch.compile(model) if options.mode == "compile" else model
    return model, run, optimizer


class Batches:
    """Random blocks; for the LSTM streams that go on."""

    def __init__(self, seed):
        self.generator, self.step = torch.Generator().manual_seed(seed), 0
        self.stream = (len(training) - 1) // S["batch"]

    def next(self):
        B, T = S["batch"], S["block"]
        if options.family == "gpt":
            starts = torch.randint(len(training) - T - 1, (B,), generator=self.generator)
            is_start = True
        else:
            chunk = self.step % (self.stream // T)
            starts, is_start = torch.arange(B) * self.stream + chunk * T, chunk == 0
        self.step += 1
        block = torch.stack([training[s : s + T + 1] for s in starts.tolist()])
        return block[:, :-1].contiguous(), block[:, 1:].contiguous(), is_start


class Run:
    def __init__(self, seed):
        self.model, self.run, self.optimizer = make(seed)
        self.batches, self.state = Batches(seed), None

    def step(self, rate):
        x, y, is_start = self.batches.next()
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.optimizer.zero_grad(set_to_none=True)
        loss, self.state = self.run(x, y, None if is_start else self.state)
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        return loss.item()

    @torch.no_grad()
    def evaluate(self):
        """All blocks of the validation text; the LSTM's first quarter of a block does not count."""
        T = S["block"]
        skip = T // 4 if options.family == "lstm" else 0
        total = count = 0
        blocks = (len(validation) - 1) // T
        x = validation[: blocks * T].view(blocks, T)
        y = validation[1 : blocks * T + 1].view(blocks, T)
        for i in range(0, blocks, 64):
            total += self.losses(x[i : i + 64], y[i : i + 64])[:, skip:].sum().item()
            count += y[i : i + 64, skip:].numel()
        return total / count

    def losses(self, x, y):
        m = self.model
        if options.family == "gpt":
            h = m.tokens(x) + m.positions.weight[: x.shape[1]]
            for block in m.blocks:
                h = block(h)
            logits = m.output(m.norm(h))
        else:
            h, _ = m.hidden(x)
            logits = F.linear(h, m.tokens.weight)
        return F.cross_entropy(logits.flatten(0, 1), y.flatten(), reduction="none").view(x.shape)


def rate_at(step, steps):
    peak, least, warmup = S["rate"], S["rate"] / 10, 100
    if step < warmup:
        return peak * (step + 1) / (warmup + 1)
    done = (step - warmup) / max(1, steps - warmup)
    return least + 0.5 * (1 + math.cos(math.pi * done)) * (peak - least)


current = Run(1)


def step(n):
    last = 0.0

    def once():
        nonlocal last
        last = current.step(S["rate"])

    return {"ms": timed_ms(once, n), "loss": last}


def train(steps, every, seed):
    run, curve, seconds = Run(seed), [], 0.0
    for i in range(steps):
        start = time.perf_counter()
        run.step(rate_at(i, steps))
        seconds += time.perf_counter() - start
        if (i + 1) % every == 0 or i + 1 == steps:
            curve.append([i + 1, seconds, run.evaluate()])
    return {"curve": curve}


serve(
    {"step": step, "train": train, "evaluate": lambda: {"loss": current.evaluate()}, "memory": memory_mb},
    versions={"torch": torch.__version__, "python": sys.version.split()[0]},
    settings=S,
    vocab=vocab,
    threads=torch.get_num_threads(),
    parameters=sum(p.numel() for p in current.model.parameters()),
)
