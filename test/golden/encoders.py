"""Writes the folders encoders/<name> and encoders.json beside it. Needs: pip install transformers==5.24.0
sentence-transformers==6.2.0 torch==2.15.0 tokenizers==0.23.3. Seed 0; sizes and weights are random and mean nothing.

Each folder is a tiny model as save_pretrained of sentence-transformers writes it: config.json, model.safetensors (in shards, in
16 bits, and with the names of a model with a head for some), tokenizer.json, modules.json and its modules. "case" is the
folder; for `texts`, "ids" are the token ids (special tokens around them, cut off at "maxLength"), "states" the last states
(texts, length, width), 0 at padding, of all texts in one padded batch, and "vectors" those of SentenceTransformer.encode.
"poolings" has the vectors by each pooling alone, before any module behind it.
"""
import json
import pathlib
import shutil

import safetensors.torch
import sentence_transformers
import tokenizers
import torch
import transformers
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import LayerNorm, Normalize, Pooling, Transformer
from sentence_transformers.base.modules import Dense
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast

here = pathlib.Path(__file__).parent
folder = here / "encoders"
words = "card pay lost found where when how much money my the a is not bank account open close please help with transfer fee".split()
long_text = " ".join(words[(7 * i * i + 3 * i) % len(words)] for i in range(150))
texts = ["My card is lost, please HELP!", "how much", "", "  where's my money?  It was 1,234.50 €\nnaïve café 東京", long_text]
corpus = [" ".join(words), *texts[:4], "lower newest widest LOST Cards pay-day accounts opening 0 1 2 3 4 5 6 7 8 9 . , ! ? ' é ï €"] * 4


def word_piece(lowercase, specials, post):
    t = Tokenizer(models.WordPiece(unk_token=specials["unk"]))
    t.normalizer = normalizers.BertNormalizer(lowercase=lowercase)
    t.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    t.decoder = decoders.WordPiece()
    t.train_from_iterator(corpus, trainers.WordPieceTrainer(vocab_size=150, special_tokens=list(specials.values()), show_progress=False))
    t.post_processor = post(t)
    return t


def byte_bpe(specials, post):
    t = Tokenizer(models.BPE())
    t.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    t.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    t.train_from_iterator(corpus, trainers.BpeTrainer(vocab_size=320, special_tokens=list(specials.values()), initial_alphabet=alphabet, show_progress=False))
    t.post_processor = post(t)
    return t


def unigram(specials, post):
    t = Tokenizer(models.Unigram())
    t.normalizer = normalizers.Sequence([normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(tokenizers.Regex(" {2,}"), " ")])
    t.pre_tokenizer = pre_tokenizers.Metaspace()
    t.decoder = decoders.Metaspace()
    t.train_from_iterator(corpus, trainers.UnigramTrainer(vocab_size=140, special_tokens=list(specials.values()), unk_token=specials["unk"], show_progress=False))
    t.post_processor = post(t)
    return t


bert_specials = {"pad": "[PAD]", "unk": "[UNK]", "cls": "[CLS]", "sep": "[SEP]", "mask": "[MASK]"}
roberta_specials = {"cls": "<s>", "pad": "<pad>", "sep": "</s>", "unk": "<unk>", "mask": "<mask>"}


def template(t, cls, sep):
    return processors.TemplateProcessing(single=f"{cls} $A {sep}", pair=f"{cls} $A {sep} $B:1 {sep}:1", special_tokens=[(cls, t.token_to_id(cls)), (sep, t.token_to_id(sep))])


def pair(t, name):
    return (name, t.token_to_id(name))


bert_kind = dict(hidden_size=16, num_hidden_layers=2, num_attention_heads=4, intermediate_size=24)
cases = {
    # Its tokenizer fills texts up, which encoders do not.
    "bert": dict(
        config=lambda n: transformers.BertConfig(vocab_size=n, max_position_embeddings=48, **bert_kind),
        tokenizer=lambda: word_piece(True, bert_specials, lambda t: template(t, "[CLS]", "[SEP]")), specials=bert_specials, padded=True,
        modules=lambda: [Pooling(16, "mean"), Normalize()], length=40),
    "distilbert": dict(
        config=lambda n: transformers.DistilBertConfig(vocab_size=n, dim=16, n_layers=2, n_heads=2, hidden_dim=20, max_position_embeddings=64),
        tokenizer=lambda: word_piece(False, bert_specials, lambda t: processors.BertProcessing(pair(t, "[SEP]"), pair(t, "[CLS]"))), specials=bert_specials,
        modules=lambda: [Pooling(16, ("cls", "max")), Dense(32, 12), LayerNorm(12)], dtype=torch.float16),
    "roberta": dict(
        config=lambda n: transformers.RobertaConfig(vocab_size=n, max_position_embeddings=66, type_vocab_size=1, pad_token_id=1, hidden_act="relu", **bert_kind),
        tokenizer=lambda: byte_bpe(roberta_specials, lambda t: processors.RobertaProcessing(pair(t, "</s>"), pair(t, "<s>"))), specials=roberta_specials,
        modules=lambda: [Pooling(16, "cls"), Dense(16, 16, bias=False, activation_function=torch.nn.Identity())], shards="12KB"),
    "xlm-roberta": dict(
        config=lambda n: transformers.XLMRobertaConfig(vocab_size=n + 3, max_position_embeddings=50, type_vocab_size=1, pad_token_id=1, layer_norm_eps=1e-5, **bert_kind),
        tokenizer=lambda: unigram(roberta_specials, lambda t: template(t, "<s>", "</s>")), specials=roberta_specials,
        modules=lambda: [Pooling(16, "weightedmean"), Normalize()], head=transformers.XLMRobertaForMaskedLM, length=48),
    "mpnet": dict(
        config=lambda n: transformers.MPNetConfig(vocab_size=n, max_position_embeddings=162, **bert_kind),
        tokenizer=lambda: word_piece(True, roberta_specials, lambda t: processors.RobertaProcessing(pair(t, "</s>"), pair(t, "<s>"))), specials=roberta_specials,
        modules=lambda: [Pooling(16, "mean_sqrt_len_tokens")], dtype=torch.bfloat16, length=160),
    "modernbert": dict(
        config=lambda n: transformers.ModernBertConfig(vocab_size=n, hidden_size=16, num_hidden_layers=4, num_attention_heads=2, intermediate_size=20, max_position_embeddings=128, local_attention=12, pad_token_id=0, bos_token_id=2, eos_token_id=3, cls_token_id=2, sep_token_id=3),
        tokenizer=lambda: byte_bpe(bert_specials, lambda t: template(t, "[CLS]", "[SEP]")), specials=bert_specials,
        modules=lambda: [Pooling(16, "lasttoken"), Dense(16, 8, activation_function=torch.nn.GELU(), use_residual=True)], length=128),
}


def randomize(model):
    """Weights so large that every part tells in the result."""
    with torch.no_grad():
        for name, p in model.named_parameters():
            if p.dim() > 1:
                p.copy_(torch.randn_like(p) * (0.6 if "embed" in name else 0.35))
            else:
                p.copy_((1.0 if name.endswith("weight") else 0.0) + 0.3 * torch.randn_like(p))


def rounded(t):
    return {"shape": list(t.shape), "data": [round(x, 6) for x in t.flatten().tolist()]}


shutil.rmtree(folder, ignore_errors=True)
entries = []
for name, case in cases.items():
    torch.manual_seed(0)
    tokenizer = case["tokenizer"]()
    config = case["config"](tokenizer.get_vocab_size())
    length = case.get("length", 64)
    wrapped = PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=length, model_input_names=["input_ids", "attention_mask"],
                                      **{f"{role}_token": token for role, token in case["specials"].items()})
    base = folder / f"{name}-base"
    model = case["head"](config) if "head" in case else transformers.AutoModel.from_config(config)
    randomize(model)
    model.to(case.get("dtype", torch.float32)).save_pretrained(base, max_shard_size=case.get("shards", "1GB"))
    wrapped.save_pretrained(base)
    weights = {p.name: p.read_bytes() for p in base.iterdir() if "safetensors" in p.name}
    config_json = (base / "config.json").read_bytes()

    body = Transformer(str(base), model_kwargs={"dtype": torch.float32})
    modules = case["modules"]()
    for module in modules:
        randomize(module)
    sentence = SentenceTransformer(modules=[body, *modules], device="cpu")
    sentence.max_seq_length = length
    own = folder / name
    sentence.save_pretrained(str(own), create_model_card=False)
    # The files as they were made: SentenceTransformer holds the body alone, in 32 bits.
    for old in own.glob("*.safetensors*"):
        old.unlink()
    for file, data in weights.items():
        (own / file).write_bytes(data)
    (own / "config.json").write_bytes(config_json)
    if case.get("padded"):
        file = json.loads((own / "tokenizer.json").read_text())
        file["padding"] = {"strategy": {"Fixed": 128}, "direction": "Right", "pad_to_multiple_of": None, "pad_id": 0, "pad_type_id": 0, "pad_token": "[PAD]"}
        file["truncation"] = {"max_length": 128, "strategy": "LongestFirst", "stride": 0, "direction": "Right"}
        (own / "tokenizer.json").write_text(json.dumps(file, ensure_ascii=False))
    shutil.rmtree(base)
    for extra in own.rglob("README.md"):
        extra.unlink()

    again = SentenceTransformer(str(own), device="cpu", model_kwargs={"dtype": torch.float32})
    again.eval()
    batch = again.preprocess(texts)
    ids = [[int(i) for i, m in zip(row, mask) if m] for row, mask in zip(batch["input_ids"], batch["attention_mask"])]
    with torch.no_grad():
        encoder = transformers.AutoModel.from_pretrained(own, dtype=torch.float32).eval()
        states = encoder(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).last_hidden_state
        states = states * batch["attention_mask"].unsqueeze(-1)
        features = {"token_embeddings": states, "attention_mask": batch["attention_mask"]}
        poolings = {mode: rounded(Pooling(16, mode)(dict(features))["sentence_embedding"]) for mode in Pooling.POOLING_MODES}
        vectors = again.encode(texts, convert_to_tensor=True)
    entries.append({"case": name, "maxLength": length, "ids": ids, "states": rounded(states), "vectors": rounded(vectors), "poolings": poolings})
    print(name, sum(p.stat().st_size for p in own.rglob("*") if p.is_file()), states.shape, vectors.shape, [len(i) for i in ids], states.abs().max())

header = {
    "script": "test/golden/encoders.py",
    "library": f"transformers {transformers.__version__}, sentence-transformers {sentence_transformers.__version__}, torch {torch.__version__}, tokenizers {tokenizers.__version__}",
    "seed": 0,
    "layout": "texts stand in the first case's; ids by text, states (texts, length, width), vectors and poolings (texts, size)",
}
lines = ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in entries)
(here / "encoders.json").write_text(f'{{"header":{json.dumps(header)},"texts":{json.dumps(texts, ensure_ascii=False)},"cases":[\n{lines}\n]}}\n')
