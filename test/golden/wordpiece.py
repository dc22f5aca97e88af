"""Writes wordpiece.json beside it. Needs: pip install tokenizers==0.23.3. No randomness (seed 0).

Cases: "texts" (a tokenizer.json as the library saves it, texts, their ids, where those stood in UTF-16 units, and the
texts of the ids) and "characters" (ranges of code points by
what becomes of a, the character, b; and the SHA-256 of all those words, joined by spaces, a line each).
"""
import hashlib
import json
import pathlib

import tokenizers
from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers


def build(vocab, lowercase=True):
    made = Tokenizer(models.WordPiece(vocab, unk_token="[UNK]", max_input_chars_per_word=100))
    made.normalizer = normalizers.BertNormalizer(
        clean_text=True, handle_chinese_chars=True, strip_accents=False, lowercase=lowercase
    )
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.decoder = decoders.WordPiece()
    made.add_special_tokens([AddedToken(t, special=True, normalized=False) for t in ("[PAD]", "[UNK]")])
    return made


def places(encoding, text):
    """The library counts code points, JavaScript UTF-16 units."""
    return [[len(text[:at].encode("utf-16-le")) // 2 for at in span] for span in encoding.offsets]


words = "the film good bad un ##believ ##able ##ly a b c ##a ##b ##c ! ' . [ ] ? σ ς ##ς ##σ caf ##é é 中 😀 ##😀 i̇ __proto__ _ proto"
words += " constructor Good ß ss 12 ##3 ##the x ##i ##\u0307"
texts = [
    "", " ", "The film", "\u200bba\u200b\u00adca\u200b.", "aİa a\u200bİ", "unBELIEV\u200bably Good", "unbelievably GOOD!", "unbelievablyz", "Good film? Bad... film.", "aaabbbccc", "abcabcx",
    "a" * 100, "a" * 101, "x" + "a" * 98, "😀" * 100, "😀" * 101, "café CAFÉ cafe\u0301", "ΣΑΣ ΟΔΟΣ σς Σ", "中中a中b", "İ i̇",
    "[PAD]", "a[PAD]b [UNK]c[pad] [ PAD]", "[[PAD]]", "[UNK", "__proto__ constructor toString", "goo\u00add b\u200bad",
    "the\u0000film\ufffd good\tbad\nthe\r\nfilm\u3000a\u2028b\u0085c", "don't", "straße STRASSE ẞ", "123 12 1", "the.the!the",
]
vocab = {}
for word in ["[PAD]", "[UNK]"] + words.split():
    vocab.setdefault(word, len(vocab))
cases = []
for lowercase in (True, False):
    made = build(vocab, lowercase)
    cases.append({
        "case": "texts", "tokenizer": made.to_str(), "texts": texts, "ids": [made.encode(text).ids for text in texts],
        "offsets": [places(made.encode(text), text) for text in texts],
        "decoded": [made.decode(made.encode(text).ids) for text in texts],
    })
splitter = build(vocab)
ranges = {"removed": [], "space": [], "isolated": []}
digest = hashlib.sha256()
for code in range(0x110000):
    if 0xD800 <= code < 0xE000:
        continue
    text = splitter.normalizer.normalize_str(f"a{chr(code)}b")
    found = [word for word, _ in splitter.pre_tokenizer.pre_tokenize_str(text)]
    digest.update((" ".join(found) + "\n").encode())
    kind = "removed" if found == ["ab"] else {1: None, 2: "space", 3: "isolated"}[len(found)]
    if kind:
        known = ranges[kind]
        if known and known[-1][1] == code - 1:
            known[-1][1] = code
        else:
            known.append([code, code])
cases.append({"case": "characters", "ranges": ranges, "sha256": digest.hexdigest()})
header = {
    "script": "wordpiece.py", "library": f"tokenizers {tokenizers.__version__}", "seed": 0,
    "layout": "texts: tokenizer, texts, ids, offsets, decoded; characters: ranges [from, to] in code points, sha256",
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps({"header": header, "cases": cases}, separators=(",", ":")) + "\n")
