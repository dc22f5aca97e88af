"""Opens a model folder with other people's libraries: Python's tokenizers, ONNX Runtime and safetensors.

    .venv/bin/python check_model_folder.py <model folder> <rows.jsonl> [--tolerance 1e-4]

rows.jsonl: {"text", "ids", "emptyId", "probabilities"} a line, as our side computed them; ids are those of the whole text, of
which the model reads the first model.maxLength of columnist.json, and a text without any is the one id emptyId. Prints one line a check;
exit code 1 on a miss. A folder without tokenizer.json and model.onnx (the linear family) is checked for the rest."""

import argparse
import json
import pathlib
import sys

import numpy as np

parser = argparse.ArgumentParser()
parser.add_argument("folder", type=pathlib.Path)
parser.add_argument("rows", type=pathlib.Path)
parser.add_argument("--tolerance", type=float, default=1e-4)
options = parser.parse_args()
rows = [json.loads(line) for line in options.rows.read_text(encoding="utf-8").split("\n") if line.strip()]
missed = 0


def line(name, good, detail):
    global missed
    missed += not good
    print(f"{name}: {'same' if good else 'MISSED'} ({detail})")


def check_tokenizer():
    import tokenizers

    path = options.folder / "tokenizer.json"
    if not path.exists():
        # A linear model has neither; a network has both.
        return line("tokenizer.json", not (options.folder / "model.onnx").exists(), "not there")
    tokenizer = tokenizers.Tokenizer.from_file(str(path))
    wrong = []
    for row in rows:
        ids = tokenizer.encode(row["text"]).ids
        if ids != row["ids"]:
            wrong.append((row["text"][:60], ids[:12], row["ids"][:12]))
    line("tokenizer.json", not wrong, f"tokenizers {tokenizers.__version__}, {len(rows) - len(wrong)} of {len(rows)} texts give the same ids")
    for text, theirs, ours in wrong[:5]:
        print(f"  {text!r}: theirs {theirs}, ours {ours}")


def run(session, group):
    length = max(1, max(len(row["ids"]) for row in group))
    ids, mask = np.zeros((2, len(group), length), np.int64)
    for i, row in enumerate(group):
        ids[i, : len(row["ids"])] = row["ids"]
        mask[i, : len(row["ids"])] = 1
    return session.run(["probabilities", "logits"], {"input_ids": ids, "attention_mask": mask})


def check_onnx():
    import onnx
    import onnxruntime as ort

    path = options.folder / "model.onnx"
    if not path.exists():
        return print("model.onnx: not there (a linear model has none)")
    # Operators of ONNX Runtime alone, which the checker does not know: language models have some.
    own = {node.op_type for node in onnx.load(str(path)).graph.node if node.domain or node.op_type.startswith("Simplified")}
    if own:
        print(f"  the graph has operators of ONNX Runtime's own: {', '.join(sorted(own))}")
    else:
        onnx.checker.check_model(str(path))
    session = ort.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    inputs = {i.name: (i.type, list(i.shape)) for i in session.get_inputs()}
    names = {o.name for o in session.get_outputs()}
    shaped = set(inputs) == {"input_ids", "attention_mask"} and all(
        kind == "tensor(int64)" and len(dims) == 2 and not any(isinstance(d, int) for d in dims) for kind, dims in inputs.values()
    )
    line("model.onnx inputs and outputs", shaped and {"probabilities", "logits"} <= names, f"{inputs} -> {sorted(names)}")
    most = json.loads((options.folder / "columnist.json").read_text(encoding="utf-8"))["model"]["maxLength"]
    usable = [row | {"ids": row["ids"][:most] or [row["emptyId"]]} for row in rows]
    want = np.array([row["probabilities"] for row in usable])
    for how, size in (("alone", 1), ("in batches of 16, padded", 16)):
        answers = [run(session, usable[i : i + size]) for i in range(0, len(usable), size)]
        got, logits = (np.concatenate([answer[j] for answer in answers]) for j in (0, 1))
        far = float(np.abs(got - want).max())
        detail = f"onnxruntime {ort.__version__}, {len(usable)} rows {how}, largest difference {far:.1e}"
        line("model.onnx probabilities", got.shape == want.shape and far <= options.tolerance, detail)
        # Softmax of the logits; a single logit or calibrated probabilities need not obey it, hence no verdict.
        shifted = np.exp(logits - logits.max(1, keepdims=True))
        print(f"  softmax(logits) is {np.abs(shifted / shifted.sum(1, keepdims=True) - got).max():.1e} from the probabilities")


def check_weights():
    import safetensors
    from safetensors.numpy import load_file

    path = options.folder / "weights.safetensors"
    if not path.exists():
        return line("weights.safetensors", False, "not there")
    tensors = load_file(str(path))
    finite = all(np.isfinite(value).all() for value in tensors.values() if value.dtype.kind == "f")
    count = sum(value.size for value in tensors.values())
    line("weights.safetensors", finite and count > 0, f"safetensors {safetensors.__version__}, {len(tensors)} tensors, {count} numbers")


for check in (check_tokenizer, check_onnx, check_weights):
    try:
        check()
    except Exception as error:
        line(check.__name__.replace("check_", ""), False, f"{type(error).__name__}: {error}")
sys.exit(1 if missed else 0)
