"""PyTorch's whole steps of fine-tuning a BERT encoder (zero_grad, forward, loss, backward, clipping, AdamW), for
bench/fine-tune-encoder.ts.

    fine_tune_step.py <model folder> --length 32 --batch 32 --classes 6 --kinds 4000 --threads n     answers requests, see peer.py

Commands: losses -> {losses}: of five steps on the first batch without dropout; step {n, mode} -> {ms: [...]}, mode eager or bf16
(autocast)."""

import argparse
import os

parser = argparse.ArgumentParser()
parser.add_argument("model")
for name in ("length", "batch", "classes", "kinds", "threads"):
    parser.add_argument(f"--{name}", type=int, required=True)
options = parser.parse_args()
for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = str(options.threads)
os.environ["HF_HUB_OFFLINE"] = "1"

import torch
import torch.nn.functional as F
import transformers
from torch import nn

from peer import memory_mb, serve, timed_ms

torch.set_num_threads(options.threads)
torch.set_flush_denormal(True)
B, T, C = options.batch, options.length, options.classes


class Classifier(nn.Module):
    """The mean of the last states, dropout, and a linear layer."""

    def __init__(self, dropout):
        super().__init__()
        self.encoder = transformers.AutoModel.from_pretrained(
            options.model, dtype=torch.float32, add_pooling_layer=False, hidden_dropout_prob=dropout, attention_probs_dropout_prob=dropout
        )
        width = self.encoder.config.hidden_size
        self.dropout, self.output = nn.Dropout(dropout), nn.Linear(width, C)
        with torch.no_grad():
            self.output.weight.copy_(torch.sin(3.0 * torch.arange(width)[None, :].double() + 5.0 * torch.arange(C)[:, None]).float() / 10)
            self.output.bias.zero_()

    def forward(self, ids, mask):
        states = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        weights = mask[:, :, None].to(states.dtype)
        return self.output(self.dropout((states * weights).sum(1) / weights.sum(1)))


def make_batch(number):
    rows, places = torch.arange(B)[:, None], torch.arange(T)[None, :]
    ids = (7919 * number + 104729 * rows + 1299709 * places) % options.kinds
    return ids, torch.ones(B, T, dtype=torch.long), (number + torch.arange(B)) % C


batches = [make_batch(number) for number in range(8)]


def make_trainer(mode, dropout):
    model = Classifier(dropout).train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, weight_decay=0.01)

    def step(ids, mask, targets):
        optimizer.zero_grad()
        with torch.autocast("cpu", torch.bfloat16, enabled=mode == "bf16"):
            loss = F.cross_entropy(model(ids, mask), targets)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        return loss.item()

    return step


trainers, counts = {}, {}


def step(n, mode="eager"):
    if mode not in trainers:
        trainers[mode], counts[mode] = make_trainer(mode, 0.1), 0

    def once():
        trainers[mode](*batches[counts[mode] % len(batches)])
        counts[mode] += 1

    return {"ms": timed_ms(once, n)}


def losses():
    trainer = make_trainer("eager", 0.0)
    return {"losses": [trainer(*batches[0]) for _ in range(5)]}


serve(
    {"step": step, "losses": losses, "memory": memory_mb},
    versions={"torch": torch.__version__, "transformers": transformers.__version__},
)
