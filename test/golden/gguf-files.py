"""Writes gguf/<name>.gguf and gguf-files.json beside it. Needs: pip install gguf==0.19.0 numpy==2.4.6 safetensors==0.8.0, and the folders
decoders/<name> of decoders.py. Seed 0.

blocks.gguf has a tensor of random blocks for each type of numbers; "case" is the type, and "numbers" what the package gguf reads, the
32-bit floats in base64. The other files are models of decoders/, written as llama.cpp's converter does: what they give stands
in decoders.json. few-bits.gguf is a wider one of random weights, in types of few bits.
"""
import base64
import json
import pathlib

import gguf
import numpy as np
import torch
from gguf import GGMLQuantizationType as Type
from safetensors import safe_open

here = pathlib.Path(__file__).parent
folder = here / "gguf"
# Where the 16-bit scales of a block stand, which must be numbers.
scales = {Type.Q4_0: [0], Type.Q4_1: [0, 2], Type.Q5_0: [0], Type.Q5_1: [0, 2], Type.Q8_0: [0], Type.Q4_K: [0, 2], Type.Q5_K: [0, 2], Type.Q6_K: [208]}


def blocks():
    random = np.random.default_rng(0)
    writer = gguf.GGUFWriter(folder / "blocks.gguf", "llama")
    cases = []
    for type in [Type.F32, Type.F16, Type.BF16, *scales]:
        size, bytes_ = gguf.GGML_QUANT_SIZES[type]
        if type in scales:
            rows = random.integers(0, 256, (2, 3 * bytes_), np.uint8)
            for block in range(3):
                for place in scales[type]:
                    at = block * bytes_ + place
                    rows[:, at:at + 2] = random.normal(0, 1, (2, 1)).astype(np.float16).view(np.uint8)
        else:
            floats = random.normal(0, 1, (2, 24)).astype(np.float32)
            floats[0, :4] = [0, -0.0, 1e-7, 65504]
            rows = floats if type == Type.F32 else gguf.quants.quantize(floats, type)
        writer.add_tensor(type.name, rows, raw_dtype=type)
        numbers = gguf.quants.dequantize(rows, type).astype(np.float32)
        cases.append(dict(case=type.name, shape=list(numbers.shape), numbers=base64.b64encode(numbers.tobytes()).decode()))
    close(writer)
    return cases


def close(writer):
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


names = {
    "model.embed_tokens": "token_embd", "model.norm": "output_norm", "lm_head": "output", "input_layernorm": "attn_norm",
    "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v", "self_attn.o_proj": "attn_output",
    "self_attn.q_norm": "attn_q_norm", "self_attn.k_norm": "attn_k_norm", "post_attention_layernorm": "ffn_norm",
    "mlp.up_proj": "ffn_up", "mlp.gate_proj": "ffn_gate", "mlp.down_proj": "ffn_down",
}


def named(name):
    part, ending = name.rsplit(".", 1)
    if part.startswith("model.layers."):
        _, _, layer, part = part.split(".", 3)
        return f"blk.{layer}.{names[part]}.{ending}"
    return f"{names[part]}.{ending}"


def neighbours(w, heads):
    """Rows i and i + d/2 of a head beside each other."""
    return w.reshape(heads, 2, w.shape[0] // heads // 2, *w.shape[1:]).swapaxes(1, 2).reshape(w.shape)


def weights(source):
    for file in sorted(source.glob("*.safetensors")):
        with safe_open(file, "pt") as opened:
            for key in opened.keys():
                yield key, opened.get_tensor(key).to(torch.float32).numpy()


# A row of each matrix is one block or two; keys and values of a layer are of different types.
bits = {
    "embed_tokens": Type.Q8_0, "q_proj": Type.Q4_1, "k_proj": Type.Q4_1, "v_proj": Type.Q8_0, "o_proj": Type.Q5_1,
    "up_proj": Type.Q4_0, "gate_proj": Type.Q4_0, "down_proj": Type.Q5_0,
}


def wide(source, config):
    """Random weights of the names of a model, for another config."""
    random = np.random.default_rng(1)
    width, inner = config["hidden_size"], config["intermediate_size"]
    groups = width // config["num_attention_heads"] * config["num_key_value_heads"]
    rows = {"embed_tokens": config["vocab_size"], "k_proj": groups, "v_proj": groups, "up_proj": inner, "gate_proj": inner}
    for key, w in weights(source):
        part = key.split(".")[-2]
        if w.ndim == 1:
            yield key, np.ones(width, np.float32) if "norm" in key else random.normal(0, 0.1, rows.get(part, width)).astype(np.float32)
        else:
            yield key, random.normal(0, 0.2, (rows.get(part, width), inner if part == "down_proj" else width)).astype(np.float32)


def model(name, architecture, pre, type=Type.F32, file=None, changes=None):
    source = here / "decoders" / name
    config = json.loads((source / "config.json").read_text()) | (changes or {})
    tokenizer = json.loads((source / "tokenizer.json").read_text())
    writer = gguf.GGUFWriter(folder / f"{file or name}.gguf", architecture)
    heads, groups = config["num_attention_heads"], config["num_key_value_heads"]
    width = config.get("head_dim") or config["hidden_size"] // heads
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(heads)
    writer.add_head_count_kv(groups)
    writer.add_key_length(width)
    writer.add_value_length(width)
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    rotary = config.get("rope_parameters") or {"rope_theta": config.get("rope_theta"), "rope_type": "default"}
    writer.add_rope_freq_base(rotary["rope_theta"])
    if rotary["rope_type"] == "linear":
        writer.add_rope_scaling_type(gguf.RopeScalingType.LINEAR)
        writer.add_rope_scaling_factor(rotary["factor"])
    if rotary["rope_type"] == "llama3":
        frequencies = rotary["rope_theta"] ** -(np.arange(0, width, 2) / width)
        turns = rotary["original_max_position_embeddings"] * frequencies / (2 * np.pi)
        low, high, factor = rotary["low_freq_factor"], rotary["high_freq_factor"], rotary["factor"]
        share = np.clip((turns - low) / (high - low), 0, 1)
        writer.add_tensor("rope_freqs.weight", (1 / ((1 - share) / factor + share)).astype(np.float32))
    vocabulary = tokenizer["model"]["vocab"]
    tokens = [token for token, _ in sorted(vocabulary.items(), key=lambda one: one[1])]
    specials = {one["content"] for one in tokenizer["added_tokens"]}
    tokens += [f"[PAD{i}]" for i in range(len(tokens), config["vocab_size"])]
    kinds = [3 if t in specials else 6 if len(t) == 6 and t.startswith("<0x") else 5 if t.startswith("[PAD") else 1 for t in tokens]
    merges = tokenizer["model"]["merges"]
    writer.add_tokenizer_model("llama" if pre is None else "gpt2")
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    if pre is None:
        made = {}
        for rank, pair in enumerate(merges):
            made.setdefault("".join(pair), -float(rank))
        writer.add_token_scores([made.get(t, -1e6 if kinds[i] == 1 else 0.0) for i, t in enumerate(tokens)])
        writer.add_unk_token_id(0)
    else:
        writer.add_tokenizer_pre(pre)
        writer.add_token_merges([" ".join(pair) for pair in merges])
    generation = json.loads((source / "generation_config.json").read_text())
    if generation.get("bos_token_id") is not None:
        writer.add_bos_token_id(generation["bos_token_id"])
    ends = generation["eos_token_id"]
    writer.add_eos_token_id(ends[0])
    if len(ends) > 1:
        writer.add_eot_token_id(ends[1])
    jinja = source / "chat_template.jinja"
    template = jinja.read_text() if jinja.exists() else json.loads((source / "tokenizer_config.json").read_text()).get("chat_template")
    if template:
        writer.add_chat_template(template)
    for key, w in wide(source, config) if changes else weights(source):
        own = bits[key.split(".")[-2]] if changes and w.ndim == 2 else type
        if architecture == "llama" and (".q_proj" in key or ".k_proj" in key):
            w = neighbours(w, heads if ".q_proj" in key else groups)
        if w.ndim == 1 or own == Type.F32:
            writer.add_tensor(named(key), w)
        else:
            writer.add_tensor(named(key), gguf.quants.quantize(w, own), raw_dtype=own)
    close(writer)


def main():
    folder.mkdir(exist_ok=True)
    cases = blocks()
    model("llama", "llama", None)
    model("llama3", "llama", "llama-bpe", Type.BF16)
    model("qwen2", "qwen2", "qwen2")
    model("qwen3", "qwen3", "qwen2")
    model("qwen2", "qwen2", "qwen2", file="few-bits", changes={"hidden_size": 32, "intermediate_size": 64})
    header = {"script": "test/golden/gguf-files.py", "library": "gguf 0.19.0", "seed": 0, "layout": "numbers: 32-bit floats in base64, row-major"}
    lines = ",\n".join(json.dumps(one) for one in cases)
    (here / "gguf-files.json").write_text(f'{{"header":{json.dumps(header)},"cases":[\n{lines}\n]}}\n')


if __name__ == "__main__":
    main()
