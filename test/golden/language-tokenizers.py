"""Writes language-tokenizers.json beside it. Needs: pip install tokenizers==0.23.3. No randomness (seed 0).

Cases: "bpe", "wordpiece" and "characters" (a tokenizer.json as the library saves it, texts, their ids, where those stood in
UTF-16 units, and the texts of the ids; for bpe and wordpiece also the corpus, the options and the tokens that the library
learned from them) and "classes" (ranges of code points by what GPT-2's splitting takes them for, and the SHA-256 of the
pieces of short texts about the code points of `sampled`, joined by U+0001, a line each).
"""
import hashlib
import json
import pathlib

import tokenizers
from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers


def places(encoding, text):
    """The library counts code points, JavaScript UTF-16 units."""
    return [[len(text[:at].encode("utf-16-le")) // 2 for at in span] for span in encoding.offsets]


def answers(made):
    encodings = [made.encode(text, add_special_tokens=False) for text in texts]
    return {
        "tokenizer": made.to_str(), "texts": texts, "ids": [one.ids for one in encodings],
        "offsets": [places(one, text) for one, text in zip(encodings, texts)],
        "decoded": [made.decode(one.ids) for one in encodings],
    }


texts = [
    "", " ", "  ", "a", " a", "  a", "The film is good, isn't it?", "I'll say we've done it; they're I'm he'd she's 's 't 'S 'LL",
    "line one\nline two\n\n\tindented  twice \n", "trailing   ", "\r\n\r\n x", "1234 12.5% of 3x3", "café CAFÉ cafe\u0301 naïve",
    "Ελληνικά σς Русский язык", "中文字符。日本語テキスト", "😀😀 👨‍👩‍👧 🇩🇪 x😀y", "\u00a0\u00a0a\u3000b\u2028c\u0085d\u200be\ufefff",
    "a<|endoftext|>b <|endoftext|><|endoftext|> <|endof", "<unk>[UNK][MASK] x", "!!!???...---", "don''t '' ' '", "İıßſ ΣΑΣ", "\ufffd\u0000\u0001",
    "the theme then there other bother", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "__proto__ constructor toString", "½ ² Ⅷ ١٢٣ x²", "\U00010d70\U0001e950 \U00011de0 \ua7ce",
]
corpus = [
    "The good film and the bad film: the other theme, there and then.", "Other people bother to film the theme of the day.",
    "It isn't the good one; they're there, we've been there, I'll go.", "Then the day after the other day the theme was aaaa aaaaaaa.",
    "Café naïve 中文字符 日本 😀😀 x😀y, 1234 and 12 and 123.", "  indented\n\n\tlines  of text \n", "Ελληνικά και Русский, σς.",
]


def byte_level_bpe():
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, trim_offsets=False)
    made.decoder = decoders.ByteLevel(add_prefix_space=False, trim_offsets=False)
    options = {"vocabSize": 340, "minCount": 2}
    made.train_from_iterator(corpus, trainers.BpeTrainer(
        vocab_size=options["vocabSize"], min_frequency=options["minCount"], special_tokens=["<|endoftext|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    return {"case": "bpe", "corpus": corpus, "options": options, **answers(made)}


def word_piece():
    """The library numbers pieces inside words in the order of a hash table: another run may give other ids."""
    made = Tokenizer(models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=100))
    made.normalizer = normalizers.BertNormalizer(
        clean_text=True, handle_chinese_chars=True, strip_accents=False, lowercase=False)
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.decoder = decoders.WordPiece()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    options = {"vocabSize": 140, "minCount": 2}
    made.train_from_iterator(corpus, trainers.WordPieceTrainer(
        vocab_size=options["vocabSize"], min_frequency=options["minCount"], special_tokens=special, show_progress=False))
    return {"case": "wordpiece", "corpus": corpus, "options": options, **answers(made)}


def characters():
    found = sorted({character for text in corpus for character in text})
    vocab = {token: id for id, token in enumerate(["<|endoftext|>", "<unk>"] + found)}
    made = Tokenizer(models.BPE(vocab=vocab, merges=[], unk_token="<unk>"))
    made.decoder = decoders.Fuse()
    made.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in ("<|endoftext|>", "<unk>")])
    return {"case": "characters", "corpus": corpus, "options": {}, **answers(made)}


def foreign():
    """An arrangement that the project does not compute itself: byte pairs with SentencePiece's spelling of spaces."""
    made = Tokenizer(models.BPE(unk_token="<unk>"))
    made.normalizer = normalizers.NFKC()
    made.pre_tokenizer = pre_tokenizers.Metaspace()
    made.decoder = decoders.Metaspace()
    made.train_from_iterator(corpus, trainers.BpeTrainer(
        vocab_size=200, min_frequency=2, special_tokens=["<unk>", "</s>"], show_progress=False))
    return {"case": "foreign", **answers(made)}


sampled = [range(0x3400), range(0xFE00, 0x10400), range(0x1F000, 0x1FB00)]


def classes():
    splitter = pre_tokenizers.ByteLevel(add_prefix_space=False)
    ranges = {"letter": [], "numeral": [], "space": []}
    digest = hashlib.sha256()
    for code in range(0x110000):
        if 0xD800 <= code < 0xE000:
            continue
        character = chr(code)
        kinds = {"a": "letter", "1": "numeral", "\t": "space"}
        kind = next((kinds[start] for start in kinds if len(splitter.pre_tokenize_str(start + character)) == 1), None)
        if kind:
            known = ranges[kind]
            if known and known[-1][1] == code - 1:
                known[-1][1] = code
            else:
                known.append([code, code])
        if not any(code in part for part in sampled):
            continue
        text = f"a{character}1{character}{character} {character}!{character}  {character}"
        pieces = [text[start:end] for _, (start, end) in splitter.pre_tokenize_str(text)]
        digest.update(("\u0001".join(pieces) + "\n").encode())
    return {"case": "classes", "ranges": ranges, "sha256": digest.hexdigest()}


header = {
    "script": "language-tokenizers.py", "library": f"tokenizers {tokenizers.__version__}", "seed": 0,
    "layout": "bpe, wordpiece, characters: tokenizer, texts, ids, offsets, decoded, corpus, options; classes: ranges, sha256",
}
cases = [byte_level_bpe(), word_piece(), characters(), foreign(), classes()]
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps({"header": header, "cases": cases}, separators=(",", ":")) + "\n")
