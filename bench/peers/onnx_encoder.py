"""An exported encoder with ONNX Runtime's own dynamic quantisation (8 bits, per channel), for bench/encoders.ts.

    onnx_encoder.py <model folder> --export int8.onnx                                           exports and quantises, ends
    onnx_encoder.py <model folder> --onnx int8.onnx --threads n --table t.csv --out v.npy       a whole command

The whole command reads the table's column "text", encodes (mean of the tokens, length 1; batches of 32, sorted by length, as
sentence-transformers has them) and writes."""

import argparse
import os
import tempfile

parser = argparse.ArgumentParser()
parser.add_argument("model")
parser.add_argument("--export")
parser.add_argument("--onnx")
parser.add_argument("--threads", type=int, default=1)
parser.add_argument("--table")
parser.add_argument("--out")
options = parser.parse_args()
for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"):
    os.environ[name] = str(options.threads)
os.environ["HF_HUB_OFFLINE"] = "1"

import json

import numpy as np

BATCH = 32


def export(path):
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization.shape_inference import quant_pre_process
    from transformers import AutoModel

    encoder = AutoModel.from_pretrained(options.model, dtype=torch.float32, attn_implementation="eager").eval()

    class States(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.encoder = encoder

        def forward(self, ids, mask):
            return self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state

    names = ["input_ids", "attention_mask"]
    axes = {name: {0: "batch", 1: "length"} for name in [*names, "states"]}
    example = (torch.randint(1000, 2000, (2, 9)), torch.ones(2, 9, dtype=torch.long))
    with tempfile.TemporaryDirectory() as folder:
        plain, prepared = f"{folder}/plain.onnx", f"{folder}/prepared.onnx"
        torch.onnx.export(
            States(), example, plain, input_names=names, output_names=["states"], dynamic_axes=axes, opset_version=17, dynamo=False
        )
        quant_pre_process(plain, prepared, skip_symbolic_shape=True)
        quantize_dynamic(prepared, path, per_channel=True, weight_type=QuantType.QInt8)


def encode(texts):
    import onnxruntime as ort
    from tokenizers import Tokenizer

    settings = ort.SessionOptions()
    settings.intra_op_num_threads = options.threads
    session = ort.InferenceSession(options.onnx, settings, providers=["CPUExecutionProvider"])
    with open(f"{options.model}/sentence_bert_config.json", encoding="utf-8") as file:
        longest = json.load(file)["max_seq_length"]
    tokenizer = Tokenizer.from_file(f"{options.model}/tokenizer.json")
    tokenizer.no_padding()
    tokenizer.enable_truncation(longest)
    order = sorted(range(len(texts)), key=lambda i: -len(texts[i]))
    vectors = None
    for start in range(0, len(order), BATCH):
        rows = order[start : start + BATCH]
        encoded = [one.ids for one in tokenizer.encode_batch([texts[i] for i in rows])]
        length = max(map(len, encoded))
        ids, mask = np.zeros((len(rows), length), np.int64), np.zeros((len(rows), length), np.int64)
        for row, own in enumerate(encoded):
            ids[row, : len(own)], mask[row, : len(own)] = own, 1
        states = session.run(None, {"input_ids": ids, "attention_mask": mask})[0]
        found = (states * mask[..., None]).sum(1) / mask.sum(1, keepdims=True)
        found /= np.linalg.norm(found, axis=1, keepdims=True)
        if vectors is None:
            vectors = np.zeros((len(texts), found.shape[1]), np.float32)
        vectors[rows] = found
    return vectors


if options.export:
    export(options.export)
else:
    import pandas as pd

    table = pd.read_csv(options.table, keep_default_na=False)
    np.save(options.out, encode(table["text"].tolist()))
