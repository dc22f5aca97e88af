"""Golden values from PyTorch for the unit tests: writes torch-*.json beside this file.

    bench/peers/setup.sh torch && bench/peers/.venv/bin/python test/golden/make_torch.py [name ...]

Inputs are float32 numbers with few digits; PyTorch computes in float64, the results are rounded to float32 and written
with the fewest digits that give the same float32 back. A tensor is {"shape": [...], "data": [flat, row-major]}.
Gradients are those of loss = sum(output * dOutput) (+ sum(lastHidden * dLastHidden) ... where given)."""

import json
import math
import pathlib
import platform
import sys

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

SEED = 20251
HERE = pathlib.Path(__file__).parent
torch.set_default_dtype(torch.float64)


class Golden:
    """Collects the cases of one file. Each file has its own generator, so that one can be made again alone."""

    def __init__(self, name, layout):
        self.name, self.layout, self.cases = name, layout, []
        self.rng = np.random.default_rng([SEED, *name.encode()])

    def normal(self, *shape, scale=1.0):
        return torch.tensor(np.round(self.rng.normal(0, scale, shape), 3).astype("f").astype("d"))

    def leaf(self, *shape, scale=1.0):
        return self.normal(*shape, scale=scale).requires_grad_()

    def fill(self, module, scale=0.4):
        """Every parameter from this file's generator, in named_parameters order."""
        with torch.no_grad():
            for _, parameter in module.named_parameters():
                parameter.copy_(self.normal(*parameter.shape, scale=scale))
        return module

    def case(self, title, **values):
        self.cases.append({"case": title, **{key: plain(value) for key, value in values.items()}})

    def write(self):
        header = {
            "script": "test/golden/make_torch.py",
            "library": f"torch {torch.__version__}",
            "numpy": np.__version__,
            "python": platform.python_version(),
            "seed": SEED,
            "computedIn": "float64, rounded to float32",
            "layout": self.layout,
        }
        # One case a line: a changed case is one changed line.
        lines = ",\n    ".join(json.dumps(case, allow_nan=False) for case in self.cases)
        text = f'{{\n  "header": {json.dumps(header)},\n  "cases": [\n    {lines}\n  ]\n}}\n'
        path = HERE / f"torch-{self.name}.json"
        path.write_text(text)
        print(f"{path.name}: {len(self.cases)} cases, {len(text)} bytes")


def short(x):
    """The double that prints as the shortest decimal of float32(x)."""
    return float(str(np.float32(x)))


def plain(value):
    if isinstance(value, torch.Tensor):
        array = value.detach().numpy()
        if array.dtype == bool:
            array = array.astype(int)
        flat = array.reshape(-1).tolist()
        return {"shape": list(array.shape), "data": [int(v) if array.dtype.kind == "i" else short(v) for v in flat]}
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def weights_of(module):
    return {name: parameter.detach().clone() for name, parameter in module.named_parameters()}


def grads_of(module):
    return {name: parameter.grad.clone() for name, parameter in module.named_parameters()}


def lstm():
    golden = Golden(
        "lstm",
        "nn.LSTM, batch first: input (B, T, E), output (B, T, H or 2H forward first), lastHidden and lastCell "
        "(layers * directions, B, H). Gate order i f g o: weight_ih (4H, E), weight_hh (4H, H), bias_ih and bias_hh (4H); "
        "z = W_ih x + b_ih + W_hh h + b_hh; i, f, o = sigmoid; g = tanh; c' = f c + i g; h' = o tanh(c'). Suffix _reverse is "
        "the backward direction, _l1 the second layer. With lengths: packed; padded outputs are 0, the last states are "
        "those of each row's last real step (forward) and of step 0 (backward). dInput is 0 at padded steps.",
    )
    B, T, E, H = 3, 5, 4, 3

    def run(title, lengths=None, layers=1, bidirectional=False, upstream="output lastHidden lastCell", initial=False):
        module = golden.fill(nn.LSTM(E, H, layers, batch_first=True, bidirectional=bidirectional))
        D = 2 if bidirectional else 1
        x = golden.leaf(B, T, E)
        states = (golden.leaf(layers * D, B, H), golden.leaf(layers * D, B, H)) if initial else None
        if lengths is None:
            output, (hidden, cell) = module(x, states)
        else:
            packed = nn.utils.rnn.pack_padded_sequence(x, torch.tensor(lengths), batch_first=True, enforce_sorted=False)
            packed_out, (hidden, cell) = module(packed, states)
            output, _ = nn.utils.rnn.pad_packed_sequence(packed_out, batch_first=True, total_length=T)
        loss, given = 0, {}
        for key, value in (("output", output), ("lastHidden", hidden), ("lastCell", cell)):
            if key in upstream.split():
                given[f"d{key[0].upper()}{key[1:]}"] = d = golden.normal(*value.shape)
                loss = loss + (value * d).sum()
        loss.backward()
        extra = {"lengths": lengths} if lengths else {}
        if initial:
            extra |= {"initialHidden": states[0], "initialCell": states[1], "dInitialHidden": states[0].grad, "dInitialCell": states[1].grad}
        golden.case(
            title,
            sizes={"B": B, "T": T, "E": E, "H": H, "layers": layers, "directions": D},
            **extra,
            input=x,
            weights=weights_of(module),
            output=output,
            lastHidden=hidden,
            lastCell=cell,
            **given,
            dInput=x.grad,
            dWeights=grads_of(module),
        )

    run("one direction, gradient into all outputs", upstream="output")
    run("one direction, gradient into the last state only", upstream="lastHidden")
    run("one direction, padded, gradient into outputs and last states", lengths=[5, 2, 4])
    run("bidirectional", bidirectional=True, upstream="output lastHidden")
    run("bidirectional, padded", lengths=[3, 5, 1], bidirectional=True, upstream="output")
    run("bidirectional, padded, gradient into the last states", lengths=[2, 5, 4], bidirectional=True, upstream="lastHidden lastCell")
    run("two layers, padded", lengths=[4, 5, 3], layers=2, upstream="output")
    run("one direction, initial states", initial=True)
    golden.write()


def padding_mask(lengths, T):
    """1 where there is a token. (B, T)"""
    return (torch.arange(T)[None] < torch.tensor(lengths)[:, None]).long()


def attention():
    golden = Golden(
        "attention",
        "nn.MultiheadAttention(C, heads, batch_first=True) as self-attention: input (B, T, C); in_proj_weight (3C, C) holds the "
        "rows of W_q, W_k, W_v in this order, in_proj_bias (3C), out_proj.weight (C, C), out_proj.bias (C); y = x W^T + b. "
        "Head j uses the columns j*C/heads .. of q, k, v. attention (B, heads, T queries, T keys) after the softmax. attentionMask "
        "(B, T): 1 is a token, 0 padding (as a key); dOutput is 0 at padded queries. causal: query t sees keys <= t.",
    )
    B, T, C, heads = 2, 5, 6, 2
    for title, causal, lengths in (
        ("plain", False, None),
        ("causal", True, None),
        ("padding", False, [3, 5]),
        ("causal and padding", True, [5, 2]),
    ):
        module = golden.fill(nn.MultiheadAttention(C, heads, batch_first=True))
        x, d = golden.leaf(B, T, C), golden.normal(B, T, C)
        mask = None if lengths is None else padding_mask(lengths, T)
        if mask is not None:
            d = d * mask[..., None]
        y, probabilities = module(
            x,
            x,
            x,
            key_padding_mask=None if mask is None else mask == 0,
            attn_mask=torch.ones(T, T, dtype=torch.bool).triu(1) if causal else None,
            average_attn_weights=False,
        )
        (y * d).sum().backward()
        golden.case(
            title,
            sizes={"B": B, "T": T, "C": C, "heads": heads},
            causal=causal,
            **({} if mask is None else {"attentionMask": mask}),
            input=x,
            weights=weights_of(module),
            output=y,
            attention=probabilities,
            dOutput=d,
            dInput=x.grad,
            dWeights=grads_of(module),
        )
    golden.write()


def layer_norm():
    golden = Golden("layer-norm", "nn.LayerNorm over the last axis C: weight (C), bias (C); variance divides by C.")
    for shape, epsilon, scale, shift in (((4, 7), 1e-5, 1, 0), ((2, 3, 5), 1e-12, 3, 2), ((3, 2, 4), 1e-3, 0.05, -1)):
        module = golden.fill(nn.LayerNorm(shape[-1], eps=epsilon), scale=1)
        x = (golden.normal(*shape) * scale + shift).float().double().requires_grad_()
        d = golden.normal(*shape)
        y = module(x)
        (y * d).sum().backward()
        golden.case(
            f"shape {list(shape)}, epsilon {epsilon}",
            epsilon=epsilon,
            input=x,
            weights=weights_of(module),
            output=y,
            dOutput=d,
            dInput=x.grad,
            dWeights=grads_of(module),
        )
    golden.write()


def optimizers():
    golden = Golden(
        "optimizers",
        "steps[k].parameters is the state after step k + 1 with the gradient steps[k].gradients; every list has one tensor a "
        "parameter. options carry PyTorch's names. Adam's weight_decay is L2 (added to the gradient), AdamW's is decoupled "
        "(p -= lr * weight_decay * p, before the step). SGD: v = momentum v + g (v = g at the first step), p -= lr v; weight_decay is added to g.",
    )
    shapes, count = [(3, 4), (4,)], 10

    def run(title, make, options):
        parameters = [golden.leaf(*shape) for shape in shapes]
        start = [p.detach().clone() for p in parameters]
        optimizer = make(parameters, **options)
        steps = []
        for _ in range(count):
            gradients = [golden.normal(*shape) for shape in shapes]
            for parameter, gradient in zip(parameters, gradients):
                parameter.grad = gradient.clone()
            optimizer.step()
            steps.append({"gradients": gradients, "parameters": [p.detach().clone() for p in parameters]})
        golden.case(title, optimizer=make.__name__, options=options, start=start, steps=steps)

    optim = torch.optim
    run("adam, defaults", optim.Adam, {"lr": 0.001, "betas": [0.9, 0.999], "eps": 1e-8, "weight_decay": 0})
    run("adam, weight decay in the gradient", optim.Adam, {"lr": 0.01, "betas": [0.8, 0.95], "eps": 1e-6, "weight_decay": 0.1})
    run("adamw", optim.AdamW, {"lr": 0.01, "betas": [0.9, 0.999], "eps": 1e-8, "weight_decay": 0.1})
    run("sgd", optim.SGD, {"lr": 0.1, "momentum": 0, "weight_decay": 0})
    run("sgd with momentum", optim.SGD, {"lr": 0.1, "momentum": 0.9, "weight_decay": 0})
    run("sgd with momentum and weight decay", optim.SGD, {"lr": 0.05, "momentum": 0.8, "weight_decay": 0.02})
    run("sgd with Nesterov's momentum", optim.SGD, {"lr": 0.05, "momentum": 0.8, "weight_decay": 0, "nesterov": True})
    golden.write()


def tables():
    golden = Golden(
        "tables",
        "A table of which each step names two rows (maybe one twice): ids[k], with the gradients[k] (2, width), added where "
        "both name one row; all other gradients are 0, and the optimizer moves the whole table all the same. bias has the gradient "
        "biasGradients[k]. Rates are the learning rates of the steps; where maxNorm is given, clip_grad_norm_ has it, "
        "over both. after: the table and the bias after so many steps. Row 6 is named by step 3 alone, row 7 by none.",
    )

    def run(title, make, options, count=300, scale=1.0, rate=0.01, schedule=False, max_norm=None):
        table, bias = golden.leaf(8, 3), golden.leaf(3)
        start = [table.detach().clone(), bias.detach().clone()]
        optimizer = make([table, bias], lr=rate, **options)
        # Warm-up, then half a cosine.
        climb = count // 10
        rates = [
            rate * ((k + 1) / climb if k < climb else (1 + math.cos(math.pi * (k - climb) / (count - climb))) / 2)
            if schedule
            else rate
            for k in range(count)
        ]
        # Row 0 in about two of three steps, row 5 about every hundred.
        shares = np.array([60, 20, 10, 6, 3, 1]) / 100
        ids, gradients, bias_gradients, after = [], [], [], {}
        for k in range(count):
            named = [6, 1] if k == 2 else golden.rng.choice(6, 2, p=shares).tolist()
            gradient, bias_gradient = golden.normal(2, 3) * scale, golden.normal(3) * scale
            table.grad = torch.zeros(8, 3).index_add(0, torch.tensor(named), gradient)
            bias.grad = bias_gradient.clone()
            if max_norm:
                nn.utils.clip_grad_norm_([table, bias], max_norm)
            optimizer.param_groups[0]["lr"] = rates[k]
            optimizer.step()
            ids.append(named)
            gradients.append(gradient)
            bias_gradients.append(bias_gradient)
            if (k + 1) in (10, 50, 100, 200, count):
                after[str(k + 1)] = [table.detach().clone(), bias.detach().clone()]
        golden.case(
            title,
            optimizer=make.__name__,
            options=options,
            maxNorm=max_norm,
            start=start,
            rates=rates,
            ids=ids,
            gradients=torch.stack(gradients),
            biasGradients=torch.stack(bias_gradients),
            after=after,
        )

    optim = torch.optim
    run("adam", optim.Adam, {"betas": [0.9, 0.999], "eps": 1e-7})
    run("adam with a schedule and clipping", optim.Adam, {"betas": [0.9, 0.999], "eps": 1e-8}, schedule=True, max_norm=1)
    run("adam, gradients near epsilon", optim.Adam, {"betas": [0.9, 0.999], "eps": 1e-7}, scale=1e-6)
    run("adam, gradients below epsilon", optim.Adam, {"betas": [0.9, 0.999], "eps": 1e-6}, scale=1e-6)
    run("adam, quickly forgetting", optim.Adam, {"betas": [0.8, 0.95], "eps": 1e-6})
    run("adam, momentum longer than the mean of squares", optim.Adam, {"betas": [0.95, 0.8], "eps": 1e-3}, rate=1e-4)
    everything = {"schedule": True, "max_norm": 1}
    run("adamw with a schedule and clipping", optim.AdamW, {"betas": [0.9, 0.999], "eps": 1e-8, "weight_decay": 0.1}, **everything)
    run("adamw over 1100 steps", optim.AdamW, {"betas": [0.9, 0.99], "eps": 1e-8, "weight_decay": 0.02}, count=1100, rate=0.003)
    run("sgd with momentum", optim.SGD, {"momentum": 0.9, "weight_decay": 0}, **everything)
    run("sgd with weight decay", optim.SGD, {"momentum": 0, "weight_decay": 0.05}, **everything)
    run("sgd with momentum and weight decay", optim.SGD, {"momentum": 0.9, "weight_decay": 0.05}, **everything)
    golden.write()


def losses():
    golden = Golden(
        "losses",
        "crossEntropy: logits (N, classes), targets (N); mean = sum(w[y] * -log p[y]) / sum(w[y]) over rows whose target is not "
        "ignoreIndex. binaryCrossEntropy: on logits, mean over all elements. meanSquaredError: mean over all elements.",
    )
    N, K = 6, 4
    for title, weighted, ignore, smoothing in (
        ("cross-entropy", False, None, 0),
        ("cross-entropy with class weights", True, None, 0),
        ("cross-entropy with ignored rows", False, -100, 0),
        ("cross-entropy with class weights and ignored rows", True, -100, 0),
        ("cross-entropy with label smoothing", False, None, 0.1),
    ):
        logits = golden.leaf(N, K, scale=2)
        targets = torch.tensor(golden.rng.integers(0, K, N))
        if ignore is not None:
            targets[1] = targets[4] = ignore
        weights = torch.tensor([0.5, 2.0, 1.0, 3.25]) if weighted else None
        loss = F.cross_entropy(logits, targets, weights, ignore_index=-100, label_smoothing=smoothing)
        loss.backward()
        golden.case(
            title,
            kind="crossEntropy",
            logits=logits,
            targets=targets,
            **({"classWeights": weights} if weighted else {}),
            **({} if ignore is None else {"ignoreIndex": ignore}),
            **({"labelSmoothing": smoothing} if smoothing else {}),
            loss=loss,
            dLogits=logits.grad,
        )
    logits = torch.tensor([[100.0, -100, 0, 3], [-90, 60, 0.5, 90]], requires_grad=True)
    targets = torch.tensor([1, 1])
    loss = F.cross_entropy(logits, targets)
    loss.backward()
    golden.case("cross-entropy of far logits", kind="crossEntropy", logits=logits, targets=targets, loss=loss, dLogits=logits.grad)

    logits, targets = golden.leaf(5, 3, scale=2), torch.tensor(golden.rng.integers(0, 2, (5, 3)))
    loss = F.binary_cross_entropy_with_logits(logits, targets.double())
    loss.backward()
    golden.case("binary cross-entropy", kind="binaryCrossEntropy", logits=logits, targets=targets, loss=loss, dLogits=logits.grad)
    predictions, targets = golden.leaf(4, 3), golden.normal(4, 3)
    loss = F.mse_loss(predictions, targets)
    loss.backward()
    golden.case("mean squared error", kind="meanSquaredError", predictions=predictions, targets=targets, loss=loss, dPredictions=predictions.grad)
    golden.write()


def conv1d():
    golden = Golden(
        "conv1d",
        "nn.Conv1d: input (B, channels, T), weight (filters, channels, width), bias (filters), output (B, filters, T'). "
        "Cross-correlation: y[t] = sum_j w[j] x[t + j - left]. valid: left 0, T' = T - width + 1. same: T' = T, "
        "left = floor((width - 1) / 2), right = width - 1 - left.",
    )
    B, channels, T, filters = 2, 3, 6, 4
    for width in (1, 2, 3, 4, 5):
        for padding in ("valid", "same"):
            module = golden.fill(nn.Conv1d(channels, filters, width, padding=padding))
            x = golden.leaf(B, channels, T)
            y = module(x)
            d = golden.normal(*y.shape)
            (y * d).sum().backward()
            golden.case(
                f"width {width}, {padding}",
                width=width,
                padding=padding,
                input=x,
                weights=weights_of(module),
                output=y,
                dOutput=d,
                dInput=x.grad,
                dWeights=grads_of(module),
            )
    golden.write()


def activations():
    golden = Golden("activations", "input (N, 7), output of the same shape; softmax and logSoftmax over the last axis.")
    functions = {
        "gelu": F.gelu,
        "geluTanh": lambda x: F.gelu(x, approximate="tanh"),
        "relu": F.relu,
        "tanh": torch.tanh,
        "sigmoid": torch.sigmoid,
        "softmax": lambda x: F.softmax(x, -1),
        "logSoftmax": lambda x: F.log_softmax(x, -1),
    }
    wide = torch.tensor([-12.0, -6.5, -4, -3, -2, -1.5, -1, -0.75, -0.5, -0.25, -0.0625, 0.0625, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5, 9])
    for name, function in functions.items():
        x = torch.cat([golden.normal(2, 7, scale=2), wide.reshape(3, 7)]).requires_grad_()
        d = golden.normal(5, 7)
        y = function(x)
        (y * d).sum().backward()
        golden.case(name, input=x, output=y, dOutput=d, dInput=x.grad)
    golden.write()


def embedding():
    golden = Golden("embedding", "nn.Embedding: ids (B, T), weight (V, E), output (B, T, E). paddingId's row gets no gradient.")
    ids = torch.tensor([[1, 4, 4, 0], [6, 1, 4, 0]])
    for padding in (None, 0):
        module = nn.Embedding(7, 3, padding_idx=padding)
        golden.fill(module)
        y = module(ids)
        d = golden.normal(*y.shape)
        (y * d).sum().backward()
        golden.case(
            "plain" if padding is None else "with a padding id",
            **({} if padding is None else {"paddingId": padding}),
            ids=ids,
            weights=weights_of(module),
            output=y,
            dOutput=d,
            dWeights=grads_of(module),
        )
    golden.write()


def encoder_layer():
    golden = Golden(
        "encoder-layer",
        "nn.TransformerEncoderLayer(C, heads, feedForward, dropout=0, batch_first=True): self_attn as in torch-attention.json, "
        "linear1 (F, C), linear2 (C, F), norm1 before/after attention, norm2 before/after the feed-forward part. normFirst: "
        "x + attn(norm1(x)), then x + ff(norm2(x)); otherwise norm1(x + attn(x)), then norm2(x + ff(x)). epsilon 1e-5. "
        "attentionMask (B, T): 1 is a token; dOutput is 0 at padded positions.",
    )
    B, T, C, heads, feed_forward = 2, 4, 6, 3, 8
    for norm_first in (True, False):
        for activation in ("gelu", "relu"):
            for lengths in (None, [4, 2]):
                module = nn.TransformerEncoderLayer(
                    C, heads, feed_forward, dropout=0.0, activation=activation, batch_first=True, norm_first=norm_first
                )
                golden.fill(module)
                x, d = golden.leaf(B, T, C), golden.normal(B, T, C)
                mask = None if lengths is None else padding_mask(lengths, T)
                if mask is not None:
                    d = d * mask[..., None]
                y = module(x, src_key_padding_mask=None if mask is None else mask == 0)
                (y * d).sum().backward()
                golden.case(
                    f"norm {'first' if norm_first else 'last'}, {activation}{'' if lengths is None else ', padded'}",
                    sizes={"B": B, "T": T, "C": C, "heads": heads, "feedForward": feed_forward},
                    normFirst=norm_first,
                    activation=activation,
                    **({} if mask is None else {"attentionMask": mask}),
                    input=x,
                    weights=weights_of(module),
                    output=y if mask is None else y * mask[..., None],
                    dOutput=d,
                    dInput=x.grad,
                    dWeights=grads_of(module),
                )
    golden.write()


def clipping():
    golden = Golden(
        "clipping", "clip_grad_norm_: norm over all gradients together; scale = min(1, maxNorm / (norm + 1e-6))."
    )
    for max_norm, scale in ((1.0, 1), (1.0, 0.01), (0.25, 3)):
        before = [golden.normal(3, 4, scale=scale), golden.normal(5, scale=scale)]
        parameters = [nn.Parameter(torch.zeros_like(g)) for g in before]
        for parameter, gradient in zip(parameters, before):
            parameter.grad = gradient.clone()
        norm = nn.utils.clip_grad_norm_(parameters, max_norm)
        golden.case(
            f"max norm {max_norm}, gradients of scale {scale}",
            maxNorm=max_norm,
            gradients=before,
            norm=norm,
            clipped=[p.grad for p in parameters],
        )
    golden.write()


def schedules():
    golden = Golden(
        "schedules",
        "rates[k] is the learning rate that step k (from 0) uses. LambdaLR: base * factor(k) with the factor in `formula` "
        "(w warm-up steps, n steps in all). The others are PyTorch's own classes with the options given.",
    )
    base, total = 0.1, 20

    def rates(make):
        optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=base)
        scheduler = make(optimizer)
        out = []
        for _ in range(total):
            out.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            scheduler.step()
        return torch.tensor(out)

    schedule = torch.optim.lr_scheduler
    for warmup in (0, 5):
        linear = lambda k: k / warmup if k < warmup else (total - k) / (total - warmup)
        cosine = lambda k: k / warmup if k < warmup else 0.5 * (1 + math.cos(math.pi * (k - warmup) / (total - warmup)))
        constant = lambda k: min(1, k / warmup) if warmup else 1
        for name, factor, formula in (
            ("constant", constant, "min(1, k / w)"),
            ("linear", linear, "k < w ? k / w : (n - k) / (n - w)"),
            ("cosine", cosine, "k < w ? k / w : (1 + cos(pi (k - w) / (n - w))) / 2"),
        ):
            golden.case(
                f"{name}, {warmup} warm-up steps",
                schedule=name,
                baseRate=base,
                warmupSteps=warmup,
                totalSteps=total,
                formula=formula,
                rates=rates(lambda optimizer, f=factor: schedule.LambdaLR(optimizer, f)),
            )
    golden.case(
        "CosineAnnealingLR",
        schedule="CosineAnnealingLR",
        baseRate=base,
        options={"T_max": total, "eta_min": 0.001},
        rates=rates(lambda optimizer: schedule.CosineAnnealingLR(optimizer, total, 0.001)),
    )
    golden.case(
        "LinearLR as warm-up: the first step already moves",
        schedule="LinearLR",
        baseRate=base,
        options={"start_factor": 0.2, "end_factor": 1, "total_iters": 4},
        rates=rates(lambda optimizer: schedule.LinearLR(optimizer, 0.2, 1, 4)),
    )
    golden.write()


def language_models():
    golden = Golden(
        "language-models",
        "Language models on ids (B, T): logits (B, T, V) = hidden table^T, loss = mean cross-entropy with targets, and its "
        "gradient by parameter. Parameters have Columnist's names; kernels of products are (in, out), those of the LSTM "
        "(4H, in), gate order i f g o in the reference and i f o g here, so rows are given as Columnist has them. curve: "
        "the loss before each of 10 steps of torch.optim.AdamW on the same batch.",
    )
    B, T, V, W, H, L = 2, 6, 9, 8, 2, 2
    ids = torch.tensor(golden.rng.integers(0, V, (B, T)))
    targets = torch.tensor(golden.rng.integers(0, V, (B, T)))

    def norm(w, name, x, rms):
        if rms:
            return F.rms_norm(x, (x.shape[-1],), w[f"{name}/gamma"], 1e-5)
        return F.layer_norm(x, (x.shape[-1],), w[f"{name}/gamma"], w[f"{name}/beta"], 1e-5)

    def product(w, name, x):
        return F.linear(x, w[f"{name}/kernel"].T, w.get(f"{name}/bias"))

    def rotate(x):
        """x (B, heads, T, d): Llama's pairs (i, i + d/2)."""
        d = x.shape[-1]
        angle = torch.arange(T)[:, None] * 10000.0 ** (-torch.arange(0, d, 2) / d)
        cos, sin = angle.cos().repeat(1, 2), angle.sin().repeat(1, 2)
        half = torch.cat((-x[..., d // 2 :], x[..., : d // 2]), -1)
        return x * cos + half * sin

    def transformer(w, llama):
        x = w["embedding/table"][ids]
        if not llama:
            x = x + w["positions/table"][:T]
        for layer in range(L):
            b = f"blocks/{layer}"
            y = norm(w, f"{b}/norm1", x, llama)
            heads = lambda part: product(w, f"{b}/attention/{part}", y).view(B, T, -1, W // H).transpose(1, 2)
            q, k, v = heads("query"), heads("key"), heads("value")
            if llama:
                q, k = rotate(q), rotate(k)
                k, v = (t.repeat_interleave(H // k.shape[1], 1) for t in (k, v))
            y = F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).reshape(B, T, W)
            x = x + product(w, f"{b}/attention/output", y)
            y = norm(w, f"{b}/norm2", x, llama)
            wide = product(w, f"{b}/feedForward/expand", y)
            wide = F.silu(product(w, f"{b}/feedForward/gate", y)) * wide if llama else F.gelu(wide)
            x = x + product(w, f"{b}/feedForward/project", wide)
        return norm(w, "norm", x, llama)

    def lstm_model(w):
        x = norm(w, "embeddingNorm", w["embedding/table"][ids], True)
        for layer in range(L):
            kernel, recurrent, bias = (w[f"lstm/{layer}/{part}"] for part in ("kernel", "recurrentKernel", "bias"))
            n = recurrent.shape[1]
            order = torch.cat([torch.arange(g * n, (g + 1) * n) for g in (0, 1, 3, 2)])  # i f o g to i f g o
            module = nn.LSTM(kernel.shape[1], n, batch_first=True)
            parts = {"weight_ih_l0": kernel[order], "weight_hh_l0": recurrent[order], "bias_ih_l0": bias[order]}
            parts["bias_hh_l0"] = torch.zeros(4 * n)
            x, _ = torch.func.functional_call(module, parts, (x,))
        return norm(w, "norm", x, True)

    def run(title, sizes, hidden):
        # As training begins: small numbers, and norms near 1.
        w = {
            name: (golden.normal(*size, scale=0.3) + (1.0 if name.endswith("gamma") else 0.0)).requires_grad_()
            for name, size in sizes.items()
        }
        start = {name: tensor.detach().clone() for name, tensor in w.items()}
        logits_of = lambda: hidden(w) @ w["embedding/table"].T
        loss_of = lambda: F.cross_entropy(logits_of().flatten(0, 1), targets.flatten())
        loss = loss_of()
        logits = logits_of()
        gradients = dict(zip(w, torch.autograd.grad(loss, list(w.values()))))
        decayed = [t for name, t in w.items() if name.lower().endswith("kernel")]
        others = [t for name, t in w.items() if not name.lower().endswith("kernel")]
        groups = [{"params": decayed, "weight_decay": 0.1}, {"params": others, "weight_decay": 0.0}]
        optimizer = torch.optim.AdamW(groups, lr=0.01, betas=(0.9, 0.99), eps=1e-8)
        curve = []
        for _ in range(10):
            optimizer.zero_grad()
            step_loss = loss_of()
            curve.append(step_loss.item())
            step_loss.backward()
            optimizer.step()
        golden.case(title, ids=ids, targets=targets, weights=start, logits=logits, loss=loss, gradients=gradients, curve=torch.tensor(curve))

    def transformer_sizes(llama):
        norms = (lambda name: {f"{name}/gamma": [W]}) if llama else (lambda name: {f"{name}/gamma": [W], f"{name}/beta": [W]})
        part = lambda name, a, b: {f"{name}/kernel": [a, b], **({} if llama else {f"{name}/bias": [b]})}
        shared, wide = (W // 2, 12) if llama else (W, 16)
        sizes = {"embedding/table": [V, W], **({} if llama else {"positions/table": [T, W]})}
        for layer in range(L):
            b = f"blocks/{layer}"
            sizes |= norms(f"{b}/norm1") | part(f"{b}/attention/query", W, W) | part(f"{b}/attention/key", W, shared)
            sizes |= part(f"{b}/attention/value", W, shared) | part(f"{b}/attention/output", W, W) | norms(f"{b}/norm2")
            sizes |= part(f"{b}/feedForward/expand", W, wide) | (part(f"{b}/feedForward/gate", W, wide) if llama else {})
            sizes |= part(f"{b}/feedForward/project", wide, W)
        return sizes | norms("norm")

    run("GPT-2 arrangement", transformer_sizes(False), lambda w: transformer(w, False))
    run("Llama arrangement", transformer_sizes(True), lambda w: transformer(w, True))
    lstm_sizes = {"embedding/table": [V, W], "embeddingNorm/gamma": [W]}
    for layer, (into, units) in enumerate([(W, 10), (10, W)]):
        lstm_sizes |= {f"lstm/{layer}/kernel": [4 * units, into], f"lstm/{layer}/recurrentKernel": [4 * units, units], f"lstm/{layer}/bias": [4 * units]}
    run("LSTM", lstm_sizes | {"norm/gamma": [W]}, lstm_model)
    golden.write()


FILES = {
    "lstm": lstm,
    "attention": attention,
    "layer-norm": layer_norm,
    "optimizers": optimizers,
    "tables": tables,
    "losses": losses,
    "conv1d": conv1d,
    "activations": activations,
    "embedding": embedding,
    "encoder-layer": encoder_layer,
    "clipping": clipping,
    "schedules": schedules,
    "language-models": language_models,
}

if __name__ == "__main__":
    for chosen in sys.argv[1:] or FILES:
        if chosen not in FILES:
            sys.exit(f"make_torch.py: '{chosen}' is none of {', '.join(FILES)}")
        FILES[chosen]()
