"""Exported folders in Python: what transformers, sentence-transformers and ONNX Runtime give, beside what columnist gave.

    check_export.py <answers.json>   a list of {kind, folder, texts, answers, output?, prompt?}, as bench/export.ts writes it

kind "answers": SentenceTransformer.encode and model.onnx give `answers` (probabilities or values); so does the class with a head where
config.json names one. "vectors": SentenceTransformer.encode gives them, of length 1. "language": AutoModelForCausalLM gives the
log-probability of each token behind those before it, the token that begins texts first. Prints one JSON list of {folder, what,
difference}: the largest, as a share of the largest number where that is above 1.
"""

import json
import sys

import numpy as np
import onnxruntime
import tokenizers
import torch
import transformers
from sentence_transformers import SentenceTransformer

transformers.logging.set_verbosity_error()
activations = {
    "single_label_classification": lambda logits: logits.softmax(-1),
    "multi_label_classification": torch.sigmoid,
    "regression": lambda logits: logits,
}


def answers(case):
    folder, texts = case["folder"], case["texts"]
    yield "SentenceTransformer", SentenceTransformer(folder, device="cpu").encode(texts)
    tokenizer = tokenizers.Tokenizer.from_file(f"{folder}/tokenizer.json")
    tokenizer.enable_padding()
    batch = tokenizer.encode_batch([case.get("prompt", "") + text for text in texts])
    session = onnxruntime.InferenceSession(f"{folder}/model.onnx")
    feeds = {
        "input_ids": np.array([one.ids for one in batch], np.int64),
        "attention_mask": np.array([one.attention_mask for one in batch], np.int64),
    }
    yield "model.onnx", session.run([case["output"]], feeds)[0]
    config = transformers.AutoConfig.from_pretrained(folder)
    if "ForSequenceClassification" in config.architectures[0]:
        model = transformers.AutoModelForSequenceClassification.from_pretrained(folder).eval()
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
        batch = tokenizer([case.get("prompt", "") + text for text in texts], padding=True, truncation=True, return_tensors="pt")
        with torch.no_grad():
            logits = model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).logits
        yield config.architectures[0], activations[config.problem_type](logits).numpy()


def vectors(case):
    yield "SentenceTransformer", SentenceTransformer(case["folder"], device="cpu").encode(case["texts"])


def language(case):
    model = transformers.AutoModelForCausalLM.from_pretrained(case["folder"]).eval()
    tokenizer = transformers.AutoTokenizer.from_pretrained(case["folder"])
    for text, expected in zip(case["texts"], case["answers"]):
        ids = torch.tensor([[model.config.bos_token_id, *tokenizer(text, add_special_tokens=False)["input_ids"]]])
        with torch.no_grad():
            found = model(ids).logits.log_softmax(-1)[0, :-1].gather(1, ids[0, 1:, None])[:, 0].numpy()
        yield "AutoModelForCausalLM", found, expected


kinds = {"answers": answers, "vectors": vectors, "language": language}
results = []
for case in json.load(open(sys.argv[1], encoding="utf-8")):
    for what, found, *expected in kinds[case["kind"]](case):
        expected = np.array(expected[0] if expected else case["answers"])
        assert found.shape == expected.shape, (case["folder"], what, found.shape, expected.shape)
        difference = np.abs(found - expected).max() / max(1, np.abs(expected).max())
        results.append({"folder": case["folder"], "what": what, "difference": float(difference)})
print(json.dumps(results))
