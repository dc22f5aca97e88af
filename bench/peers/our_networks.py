"""Our networks over words in PyTorch, from the vectors of tokens on, by our names of parameters: for Captum."""

import torch
import torch.nn.functional as F


def forward(family, w, vectors, heads=2):
    """w: tensors by name; vectors (batch, length, width) of texts without padding. Logits (batch, labels)."""
    features = BODIES[family](w, vectors, heads)
    return features @ w["output/kernel"] + w["output/bias"]


def cnn(w, x, _):
    pooled = []
    for width in (3, 4, 5):
        left = (width - 1) // 2
        padded = F.pad(x.transpose(1, 2), (left, width - 1 - left))
        kernel = w[f"convolution{width}/kernel"].permute(2, 1, 0)
        pooled.append(F.conv1d(padded, kernel, w[f"convolution{width}/bias"]).amax(2))
    return F.relu(torch.cat(pooled, 1))


def lstm(w, x, _):
    hidden = w["lstm/forward/recurrentKernel"].shape[1]
    parts = []
    for name in ("forward", "backward"):
        bias = w[f"lstm/{name}/bias"]
        # PyTorch's gates are i f g o, ours i f o g.
        order = torch.cat([torch.arange(0, 2 * hidden), torch.arange(3 * hidden, 4 * hidden), torch.arange(2 * hidden, 3 * hidden)])
        parts += [w[f"lstm/{name}/kernel"][order], w[f"lstm/{name}/recurrentKernel"][order], bias[order], torch.zeros_like(bias)]
    state = torch.zeros(2, x.shape[0], hidden, dtype=x.dtype)
    y = torch.lstm(x, (state, state), parts, True, 1, 0.0, False, True, True)[0]
    return torch.cat([y.amax(1), y.mean(1)], 1)


def transformer(w, x, heads):
    x = x + w["positions/table"][: x.shape[1]]
    width = x.shape[2]
    blocks = sum(name.endswith("norm1/gamma") for name in w)
    for block in range(blocks):
        at = lambda name: w[f"block{block}/{name}"]
        norm = lambda y, name: F.layer_norm(y, (width,), at(f"{name}/gamma"), at(f"{name}/beta"))
        linear = lambda y, name: y @ at(f"{name}/kernel") + at(f"{name}/bias")
        split = lambda y: y.view(*y.shape[:2], heads, width // heads).transpose(1, 2)
        y = norm(x, "norm1")
        q, k, v = (split(linear(y, f"attention/{part}")) for part in ("query", "key", "value"))
        y = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(x.shape)
        x = x + linear(y, "attention/output")
        x = x + linear(F.gelu(linear(norm(x, "norm2"), "feedForward1")), "feedForward2")
    return torch.cat([x.amax(1), x.mean(1)], 1)


BODIES = {"cnn": cnn, "lstm": lstm, "transformer": transformer}


def log_odds(logits, label):
    """ln(p / (1 - p)) of a label, (batch)."""
    others = torch.cat([logits[:, :label], logits[:, label + 1 :]], 1)
    return logits[:, label] - torch.logsumexp(others, 1)
