"""Writes the folders static/<name> and static-vectors.json beside it. Needs: pip install model2vec sentence-transformers==6.2.0
tokenizers==0.23.3 (and torch==2.15.0). Seed 0; sizes and weights are random and mean nothing.

static/model2vec is a folder as StaticModel.save_pretrained of model2vec writes it, with a weight for each token and a mapping from
ids to rows; static/sentence one of sentence-transformers with the module StaticEmbedding in a folder of its own, in 16 bits. "case" is
the folder; for `texts`, "vectors" (texts, size) are those of the library's own encode, of length 1; zeros for texts without a token.
"""
import json
import pathlib
import shutil

import model2vec
import numpy as np
import safetensors.torch
import sentence_transformers
import tokenizers
import torch
from model2vec import StaticModel
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import Normalize
from sentence_transformers.sentence_transformer.modules import StaticEmbedding
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

here = pathlib.Path(__file__).parent
folder = here / "static"
shutil.rmtree(folder, ignore_errors=True)
folder.mkdir()
texts = ["My card is lost, please HELP!", "how much", "", "  where's my money?  It was 1,234.50 €\nnaïve café 東京", "☃ ☃"]
words = "card pay lost found where when how much money my the a is not bank account open close please help with transfer fee".split()
corpus = [" ".join(words), *texts[:4]] * 4
rng = np.random.default_rng(0)


def word_piece():
    t = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    t.normalizer = normalizers.BertNormalizer(lowercase=True)
    t.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    t.train_from_iterator(corpus, trainers.WordPieceTrainer(vocab_size=120, special_tokens=specials, show_progress=False))
    t.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    return t


def byte_bpe():
    t = Tokenizer(models.BPE())
    t.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    t.train_from_iterator(corpus, trainers.BpeTrainer(vocab_size=300, initial_alphabet=alphabet, special_tokens=["<pad>"], show_progress=False))
    return t


def unit(vectors):
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.where(lengths > 1e-9, vectors / np.maximum(lengths, 1e-9), 0)


entries = []
t = word_piece()
ids = t.get_vocab_size()
rows = rng.standard_normal((ids - 7, 8), dtype=np.float32)
model = StaticModel(
    rows, t, normalize=True,
    weights=rng.random(ids).astype(np.float32) + 0.1,
    token_mapping=rng.integers(0, ids - 7, ids).astype(np.int64),
)
model.save_pretrained(folder / "model2vec")
entries.append({"case": "model2vec", "vectors": unit(StaticModel.from_pretrained(folder / "model2vec").encode(texts))})

t = byte_bpe()
rows = torch.from_numpy(rng.standard_normal((t.get_vocab_size(), 6), dtype=np.float32)).half().float()
SentenceTransformer(modules=[StaticEmbedding(t, embedding_weights=rows), Normalize()], device="cpu").save_pretrained(
    str(folder / "sentence"), create_model_card=False)
listed = json.loads((folder / "sentence" / "modules.json").read_text())
place = folder / "sentence" / listed[0]["path"]
if listed[0]["path"] == "":  # in a folder of its own, as older versions have it
    place = folder / "sentence" / "0_StaticEmbedding"
    place.mkdir()
    for name in ("model.safetensors", "tokenizer.json"):
        (folder / "sentence" / name).rename(place / name)
    listed[0]["path"] = "0_StaticEmbedding"
    (folder / "sentence" / "modules.json").write_text(json.dumps(listed, indent=1))
safetensors.torch.save_file({"embedding.weight": rows.half()}, str(place / "model.safetensors"))
again = SentenceTransformer(str(folder / "sentence"), device="cpu").float()
entries.append({"case": "sentence", "vectors": unit(np.stack([again.encode(text) if text else np.zeros(6) for text in texts]).astype(np.float64))})

for path in folder.rglob("README.md"):
    path.unlink()
header = {
    "script": "test/golden/static-vectors.py",
    "library": f"model2vec {model2vec.__version__}, sentence-transformers {sentence_transformers.__version__}, tokenizers {tokenizers.__version__}",
    "seed": 0,
    "layout": "texts stand beside the cases; vectors (texts, size)",
}
for entry in entries:
    v = entry["vectors"]
    entry["vectors"] = {"shape": list(v.shape), "data": [round(float(x), 6) for x in v.flatten()]}
lines = ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in entries)
(here / "static-vectors.json").write_text(f'{{"header":{json.dumps(header)},"texts":{json.dumps(texts, ensure_ascii=False)},"cases":[\n{lines}\n]}}\n')
