"""Writes pair-gradients.json and pair-gradients/model.safetensors beside it, from the folder encoders/bert. Needs:
pip install transformers==5.24.0 torch==2.15.0. Nothing is random here.

One step of tuning the tiny encoder on pairs, without dropout: the texts of encoders.json, the mean of the last states, all pairs of
texts with the classes 0 1 2 0 1. Each text of a pair goes through the encoder by itself; the loss is the squared difference of the
pair's cosine from 1 (same class) or 0, half the mean over pairs of the same class and half that over the others. model.safetensors
has the gradients, under the encoder's own names. Computed in float64, rounded to float32.
"""
import itertools
import json
import pathlib

import safetensors.torch
import torch
import transformers

here = pathlib.Path(__file__).parent
case = next(one for one in json.loads((here / "encoders.json").read_text())["cases"] if one["case"] == "bert")
classes = [0, 1, 2, 0, 1]
model = transformers.AutoModel.from_pretrained(here / "encoders" / "bert", dtype=torch.float64).eval()


def vector(ids):
    return model(input_ids=torch.tensor([ids]), attention_mask=torch.ones(1, len(ids), dtype=torch.long)).last_hidden_state.mean(1)


errors = {True: [], False: []}
for a, b in itertools.combinations(range(len(classes)), 2):
    is_alike = classes[a] == classes[b]
    cosine = torch.nn.functional.cosine_similarity(vector(case["ids"][a]), vector(case["ids"][b]))
    errors[is_alike].append(torch.nn.functional.mse_loss(cosine, torch.full_like(cosine, float(is_alike))))
loss = sum(torch.stack(each).mean() / 2 for each in errors.values())
loss.backward()
gradients = {key: p.grad.float().contiguous() for key, p in model.named_parameters() if p.grad is not None}
(here / "pair-gradients").mkdir(exist_ok=True)
safetensors.torch.save_file(gradients, here / "pair-gradients" / "model.safetensors", {"format": "pt"})
header = {"script": "test/golden/pair-gradients.py", "library": f"transformers {transformers.__version__}, torch {torch.__version__}", "seed": "none"}
(here / "pair-gradients.json").write_text(json.dumps({"header": header, "cases": [{"case": "bert", "loss": loss.item()}]}) + "\n")
print(loss.item(), len(gradients))
