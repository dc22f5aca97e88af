"""Writes encoder-gradients.json and the folders encoder-gradients/<name> beside it, from the folders encoders/<name>. Needs:
pip install transformers==5.24.0 torch==2.15.0. Nothing is random here.

One step of fine-tuning each tiny encoder, without dropout: the texts of encoders.json in one padded batch, the mean of the last
states, a last layer x W + b with W[i][j] = sin(3i + 5j) / 2 and b[j] = j / 10, and the mean cross-entropy of the classes
0 1 2 0 1. "loss", "kernel" (width, 3) and "bias" (3) are the loss and the gradients of W and b; <name>/model.safetensors has those
of the encoder, under its own names. Computed in float64, rounded to float32.
"""
import json
import pathlib

import safetensors.torch
import torch
import transformers

here = pathlib.Path(__file__).parent
golden = json.loads((here / "encoders.json").read_text())
classes = torch.tensor([0, 1, 2, 0, 1])
cases = []
for case in golden["cases"]:
    name, ids = case["case"], case["ids"]
    model = transformers.AutoModel.from_pretrained(here / "encoders" / name, dtype=torch.float64).eval()
    length = max(map(len, ids))
    padding = model.config.pad_token_id or 0
    batch = torch.tensor([row + [padding] * (length - len(row)) for row in ids])
    mask = torch.tensor([[1] * len(row) + [0] * (length - len(row)) for row in ids])
    width = case["states"]["shape"][2]
    kernel = (torch.sin(3.0 * torch.arange(width)[:, None] + 5.0 * torch.arange(3)).double() / 2).requires_grad_()
    bias = (torch.arange(3).double() / 10).requires_grad_()
    states = model(input_ids=batch, attention_mask=mask).last_hidden_state
    weights = mask[:, :, None].double()
    loss = torch.nn.functional.cross_entropy((states * weights).sum(1) / weights.sum(1) @ kernel + bias, classes)
    loss.backward()
    gradients = {key: p.grad.float().contiguous() for key, p in model.named_parameters() if p.grad is not None}
    folder = here / "encoder-gradients" / name
    folder.mkdir(parents=True, exist_ok=True)
    safetensors.torch.save_file(gradients, folder / "model.safetensors", {"format": "pt"})
    plain = lambda t: {"shape": list(t.shape), "data": [float(f"{x:.7g}") for x in t.flatten().tolist()]}
    cases.append({"case": name, "loss": loss.item(), "kernel": plain(kernel.grad), "bias": plain(bias.grad)})
    print(name, loss.item(), len(gradients), (folder / "model.safetensors").stat().st_size)

header = {"script": "test/golden/encoder-gradients.py", "library": f"transformers {transformers.__version__}, torch {torch.__version__}", "seed": "none"}
lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
(here / "encoder-gradients.json").write_text(f'{{"header":{json.dumps(header)},"cases":[\n{lines}\n]}}\n')
