"""Writes the folders decoders/<name> and decoders.json beside it. Needs: pip install transformers==5.24.0 torch==2.15.0
tokenizers==0.23.3 safetensors==0.8.0. Seed 0; sizes and weights are random and mean nothing.

Each folder is a tiny decoder as save_pretrained writes it: config.json, model.safetensors (in shards, in 16 bits, without a
head's prefix for some), tokenizer.json, tokenizer_config.json, generation_config.json. "case" is the folder; "ids" are some
token ids and "logits" what the model gives behind each of them (ids, the first
12 of the vocabulary); "logProbabilities" of ids behind "beginId";
"written" the ids that greedy search writes on from "prompt" with keys and values kept, the prompt as Python's tokenizer
gives it for "text".
"""
import json
import pathlib
import shutil

import safetensors.torch
import tokenizers
import torch
import transformers
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import GenerationConfig, PreTrainedTokenizerFast

here = pathlib.Path(__file__).parent
folder = here / "decoders"
words = "card pay lost found where when how much money my the a is not bank account open close please help with transfer fee".split()
texts = ["My card is lost, please HELP!", "how much", "  where's my money?  It was 1,234.50 €\nnaïve café 東京"]
corpus = [" ".join(words), *texts, "lower newest widest LOST Cards pay-day accounts opening 0 1 2 3 4 5 6 7 8 9 . , ! ? ' é ï €"] * 4
prompt = "my card is lost where"


def byte_level(specials, pattern=None, begins=False):
    t = Tokenizer(models.BPE())
    if pattern is None:
        t.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    else:
        t.pre_tokenizer = pre_tokenizers.Sequence([
            pre_tokenizers.Split(Regex(pattern), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    t.decoder = decoders.ByteLevel()
    t.train_from_iterator(corpus, trainers.BpeTrainer(vocab_size=330, special_tokens=specials, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    t.post_processor = framed(t, specials[0]) if begins else processors.ByteLevel(trim_offsets=False)
    return t


def framed(t, begin):
    return processors.TemplateProcessing(single=f"{begin} $A", pair=f"{begin} $A {begin} $B", special_tokens=[(begin, t.token_to_id(begin))])


def sentence_piece():
    """The arrangement of Llama 2."""
    t = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    t.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    t.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    bytes_ = [f"<0x{i:02X}>" for i in range(256)]
    t.train_from_iterator(corpus, trainers.BpeTrainer(vocab_size=420, special_tokens=["<unk>", "<s>", "</s>", *bytes_], show_progress=False))
    made = json.loads(t.to_str())
    made["added_tokens"] = made["added_tokens"][:3]
    t = Tokenizer.from_str(json.dumps(made))
    t.post_processor = framed(t, "<s>")
    return t


llama3 = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
qwen = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
chat = "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
chatml = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
kin = dict(hidden_size=16, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2, intermediate_size=24, max_position_embeddings=64)
cases = {
    "gpt2": dict(
        config=lambda n: transformers.GPT2Config(vocab_size=n, n_embd=16, n_layer=2, n_head=4, n_positions=40),
        tokenizer=lambda: byte_level(["<|endoftext|>"]), begin="<|endoftext|>", end=["<|endoftext|>"]),
    "gpt2-without-prefix": dict(
        config=lambda n: transformers.GPT2Config(vocab_size=n + 6, n_embd=16, n_layer=1, n_head=2, n_positions=40, n_inner=20, activation_function="gelu", tie_word_embeddings=False),
        tokenizer=lambda: byte_level(["<|endoftext|>"]), begin="<|endoftext|>", end=["<|endoftext|>"], drop="transformer."),
    "llama": dict(
        config=lambda n: transformers.LlamaConfig(vocab_size=n, rope_parameters={"rope_type": "default", "rope_theta": 500.0}, **kin),
        tokenizer=sentence_piece, begin="<s>", end=["</s>"], shards="12KB"),
    "llama3": dict(
        config=lambda n: transformers.LlamaConfig(vocab_size=n, tie_word_embeddings=True, attention_bias=True, mlp_bias=True, head_dim=6,
            rope_parameters={"rope_type": "llama3", "rope_theta": 10.0, "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 32}, **kin),
        tokenizer=lambda: byte_level(["<|begin_of_text|>", "<|end_of_text|>", "<|eot_id|>"], llama3, begins=True), begin="<|begin_of_text|>", end=["<|end_of_text|>", "<|eot_id|>"], dtype=torch.bfloat16),
    "mistral": dict(
        config=lambda n: transformers.MistralConfig(vocab_size=n, sliding_window=5, head_dim=8, rope_parameters={"rope_type": "linear", "rope_theta": 100.0, "factor": 2.0}, **kin),
        tokenizer=sentence_piece, begin="<s>", end=["</s>"], dtype=torch.float16),
    "qwen2": dict(
        config=lambda n: transformers.Qwen2Config(vocab_size=n + 10, tie_word_embeddings=True, **kin),
        tokenizer=lambda: byte_level(chatml, qwen), begin=None, end=["<|im_end|>", "<|endoftext|>"], chat=chat),
    "qwen2-windows": dict(
        config=lambda n: transformers.Qwen2Config(vocab_size=n, tie_word_embeddings=True, use_sliding_window=True, sliding_window=4, max_window_layers=1, **kin),
        tokenizer=lambda: byte_level(chatml), begin=None, end=["<|endoftext|>"], dtype=torch.float16),
    "qwen3": dict(
        config=lambda n: transformers.Qwen3Config(vocab_size=n + 10, head_dim=8, **kin),
        tokenizer=lambda: byte_level(chatml, qwen), begin=None, end=["<|im_end|>", "<|endoftext|>"], chat=chat, old_rotary=True),
}


def write(name, case):
    target = folder / name
    tokenizer = case["tokenizer"]()
    n = tokenizer.get_vocab_size()
    ids_of = tokenizer.token_to_id
    torch.manual_seed(0)
    config = case["config"](n)
    config.bos_token_id = ids_of(case["begin"]) if case["begin"] else None
    config.eos_token_id = ids_of(case["end"][0])
    config.pad_token_id = None
    config._attn_implementation = "eager"
    model = transformers.AutoModelForCausalLM.from_config(config)
    with torch.no_grad():  # as if trained: norms and biases that do something, and no flat logits
        for key, p in model.named_parameters():
            p.normal_(1 if ("norm" in key or "ln_" in key) and key.endswith("weight") else 0, 0.3)
    model = model.to(case.get("dtype", torch.float32))
    model.generation_config = GenerationConfig(bos_token_id=config.bos_token_id, eos_token_id=[ids_of(t) for t in case["end"]])
    model.save_pretrained(target, max_shard_size=case.get("shards", "50GB"))
    if "drop" in case:
        path = target / "model.safetensors"
        state = safetensors.torch.load_file(path)
        safetensors.torch.save_file({k.removeprefix(case["drop"]): v for k, v in state.items()}, path, metadata={"format": "pt"})
    if case.get("old_rotary"):  # as older versions wrote it
        path = target / "config.json"
        read = json.loads(path.read_text())
        read["rope_theta"] = read.pop("rope_parameters")["rope_theta"]
        read["rope_scaling"] = None
        path.write_text(json.dumps(read, indent=2))
    named = dict(bos_token=case["begin"], eos_token=case["end"][0], clean_up_tokenization_spaces=False)
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, **{k: v for k, v in named.items() if v is not None})
    if "chat" in case:
        fast.chat_template = case["chat"]
    fast.save_pretrained(target, save_jinja_files=name == "qwen3")
    # Its tables of angles would have stayed in 16 bits. Without a prefix it cannot be read by the class with the head.
    model = model.eval() if "drop" in case else transformers.AutoModelForCausalLM.from_pretrained(target, dtype=torch.float32, attn_implementation="eager").eval()
    ids = fast(texts[0] + texts[2])["input_ids"][:36]
    begin = config.bos_token_id if config.bos_token_id is not None else model.generation_config.eos_token_id[0]
    with torch.no_grad():
        logits = model(torch.tensor([ids])).logits[0]
        behind = model(torch.tensor([[begin, *ids[:-1]]])).logits[0].log_softmax(-1)
        start = fast(prompt, return_tensors="pt")
        written = model.generate(**start, max_new_tokens=14, do_sample=False, use_cache=True, pad_token_id=0)[0, start["input_ids"].shape[1]:]
    made = dict(case=name, text=prompt, ids=ids, beginId=begin, prompt=start["input_ids"][0].tolist(), written=written.tolist(),
        logits=[[round(float(x), 5) for x in row[:12]] for row in logits], logProbabilities=[round(float(behind[i, one]), 5) for i, one in enumerate(ids)])
    if "chat" in case:
        talk = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "how much?"}]
        made["chat"] = fast.apply_chat_template(talk, tokenize=False, add_generation_prompt=True)
    return made


def main():
    shutil.rmtree(folder, ignore_errors=True)
    made = [write(name, case) for name, case in cases.items()]
    library = f"transformers {transformers.__version__}, torch {torch.__version__}, tokenizers {tokenizers.__version__}"
    header = {"script": "test/golden/decoders.py", "library": library, "seed": 0, "layout": __doc__.split("\n\n")[1]}
    lines = ",\n".join(json.dumps(one, separators=(",", ":"), ensure_ascii=False) for one in made)
    (here / "decoders.json").write_text(f'{{"header":{json.dumps(header)},"cases":[\n{lines}\n]}}\n')


if __name__ == "__main__":
    main()
