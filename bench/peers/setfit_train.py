"""SetFit with its defaults, for bench/pairs.ts.

    setfit_train.py <model folder> --threads n       answers requests, see peer.py

Commands: train {train, test, seed} -> {accuracy, seconds, steps}: both tables JSON lines of text and label, seconds those of
training without opening the model; zero {test, names} -> {accuracy, seconds}: no training rows but "This sentence is <name>",
eight times each (SetFit's recipe); names by label."""

import argparse
import json
import os
import tempfile
import time

parser = argparse.ArgumentParser()
parser.add_argument("model")
parser.add_argument("--threads", type=int, default=2)
options = parser.parse_args()
for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"):
    os.environ[name] = str(options.threads)
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["HF_DATASETS_OFFLINE"] = "1"

import setfit
import torch
import transformers
from datasets import Dataset

from peer import serve

torch.set_num_threads(options.threads)
torch.set_flush_denormal(True)


def read(file):
    with open(file, encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [row["text"] for row in rows], [row["label"] for row in rows]


def fitted(texts, labels, test, seed):
    names = sorted(set(labels))
    model = setfit.SetFitModel.from_pretrained(options.model, device="cpu", labels=names)
    rows = Dataset.from_dict({"text": texts, "label": [names.index(label) for label in labels]})
    with tempfile.TemporaryDirectory() as folder:
        args = setfit.TrainingArguments(output_dir=folder, seed=seed, report_to="none", show_progress_bar=False, save_strategy="no")
        start = time.perf_counter()
        trainer = setfit.Trainer(model=model, args=args, train_dataset=rows)
        trainer.train()
        seconds = time.perf_counter() - start
    texts, labels = read(test)
    found = [str(label) for label in model.predict(texts, batch_size=64, show_progress_bar=False)]
    steps = trainer.st_trainer.state.global_step
    return {"accuracy": sum(a == b for a, b in zip(found, labels)) / len(labels), "seconds": seconds, "steps": steps}


def train(train, test, seed):
    return fitted(*read(train), test, seed)


def zero(test, names):
    pairs = [(f"This sentence is {name}", label) for label, name in names.items() for _ in range(8)]
    return fitted([text for text, _ in pairs], [label for _, label in pairs], test, 42)


serve({"train": train, "zero": zero}, versions={"setfit": setfit.__version__, "torch": torch.__version__, "transformers": transformers.__version__})
