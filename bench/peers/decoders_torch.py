"""Python's transformers with a GGUF file, read into 32-bit floats, for bench/decoders.ts.

    decoders_torch.py <file.gguf> --threads n

Commands: encode {texts} -> {ids: [[id, ...], ...]}, as its own tokenizer reads them;
write {prompts: [[id, ...], ...] of one length, tokens} -> {promptMs, ms, ids}: greedily, with keys and values kept: the time of the
prompts, and that of the steps behind them."""

import argparse
import os
import pathlib
import sys
import time

parser = argparse.ArgumentParser()
parser.add_argument("file", type=pathlib.Path)
parser.add_argument("--threads", type=int, default=1)
options = parser.parse_args()
os.environ["OMP_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = str(options.threads)

import torch
import transformers

from peer import memory_mb, serve

torch.set_num_threads(options.threads)
transformers.logging.set_verbosity_error()
transformers.utils.logging.disable_progress_bar()
places = dict(pretrained_model_name_or_path=str(options.file.parent), gguf_file=options.file.name)
tokenizer = transformers.AutoTokenizer.from_pretrained(**places)
model = transformers.AutoModelForCausalLM.from_pretrained(**places, dtype=torch.float32).eval()


def encode(texts):
    return {"ids": [tokenizer(text)["input_ids"] for text in texts]}


@torch.inference_mode()
def write(prompts, tokens):
    start = time.perf_counter()
    given = model(torch.tensor(prompts), use_cache=True, logits_to_keep=1)
    begun = time.perf_counter()
    written = []
    for step in range(tokens):
        ids = given.logits[:, -1].argmax(-1)
        written.append(ids.tolist())
        if step + 1 < tokens:
            given = model(ids[:, None], past_key_values=given.past_key_values, use_cache=True)
    end = time.perf_counter()
    return {"promptMs": 1e3 * (begun - start), "ms": 1e3 * (end - begun), "ids": [list(row) for row in zip(*written)]}


serve(
    {"encode": encode, "write": write, "memory": memory_mb},
    parameters=sum(weight.numel() for weight in model.parameters()),
    versions={"torch": torch.__version__, "transformers": transformers.__version__, "python": sys.version.split()[0]},
)
