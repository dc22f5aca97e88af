"""Writes foreign-tokenizers.json beside it. Needs: pip install tokenizers==0.23.3. No randomness (seed 0).

Every part that a tokenizer.json can have, with every value of its fields, in a small tokenizer of its own. "case", "file" (a
tokenizer.json), and for each of `texts` the number of its ids in `lists` and, where decoders are tried, that of the text
"decoded" of them in `strings`, special tokens left out; "framed" are the ids with the special tokens of the post-processor. Where the file has
no model, it is WordPiece over `characters`: 0 for [UNK], then for character i the id 1 + 2i where it begins a piece and
2 + 2i (token "##x") where it goes on with one, so that ids show the pieces. A case in `refused` has no ids: the project must
refuse it, with "names" in the message. "classes" has the SHA-256 of what each code point becomes, by part.
"""
import base64
import hashlib
import json
import pathlib
import struct

import tokenizers
from tokenizers import Tokenizer

texts = [
    "", " ", "   ", "a", " a", "a ", "Hello, world! It's 1,234.5 (don't)", "line one\nline two\r\n\tindented\x0b\x0c\x85 end ",
    "café cafe\u0301 CAFÉ naïve Ångström e\u0323\u0307x", "İstanbul I ı ß ẞ ſ ΑΣ Σ ΣΑΣ.", "ﬁrst ﬀ ½ ² ⅷ Ⅷ ① ｆｕｌｌ　ｗｉｄｔｈ ㍿ ℡",
    "日本語テキスト、中文字符。한국어 \u1112\u1161\u11ab 한글", "العربية مَرْحَبًا ١٢٣ עברית שָׁלוֹם", "हिन्दी नमस्ते १२३ ไทย ภาษาไทย", "Русский Ёлка ἀρχῇ",
    "😀😀 👨\u200d👩\u200d👧 🇩🇪 👍🏽 x😀y", "a\u200bb\ufeffc\u00add\u2060e\u200df", "\u00a0\u2003a\u3000b\u2028c\u202fd\u1680e", "\ufffd\u0000\u0001\u007f\u009fx",
    "___ snake_case camelCase --flag a-b a--b ...!!??", "aaaa bb  ccc   dddd", "ab" * 60, "<s>Hello</s> <mask> [X]y <s><s>", "x<S>y <s>  z",
    "word words sword wörd word.word word", "  token  tokentoken Token TOKEN to\u200bken", "\U00010428\U0001d49c\U0002f800 \U000e0001 \U00011935\U00011930 \u1c89\ua7ce\U00011de0",
    "▁already▁there ▁ x", "don't 's 'S they'll I'M we've", "$1,000.00 + €5 ^ ~ ` | \u2019quoted\u2019 «a»", "a\u0301\u0300\u0316b \u0344 \u0958 \u2126 \u212b",
    "key=value;key2=\"v\" # comment\\n", "Ünï ÜNÏ u\u0308", "3.14 x² 10³ ¹", "thé\u0301 the thee them", "one<tok>two <tok> three<tokx>", "\u0e01\u0e33 \u0ec4 \ufb1d \u0f73", "zz \t zz",
]

normalizer_cases = {
    **{name: {"type": name} for name in ["NFC", "NFD", "NFKC", "NFKD", "Lowercase", "StripAccents", "Nmt", "ByteLevel"]},
    **{f"Strip {left} {right}": {"type": "Strip", "strip_left": left, "strip_right": right} for left in (True, False) for right in (True, False)},
    "Prepend": {"type": "Prepend", "prepend": "▁"},
    "Replace string": {"type": "Replace", "pattern": {"String": " "}, "content": "▁"},
    "Replace string with $": {"type": "Replace", "pattern": {"String": "."}, "content": "$&"},
    "Replace nothing": {"type": "Replace", "pattern": {"String": ""}, "content": "-"},
    "Replace regex": {"type": "Replace", "pattern": {"Regex": " {2,}|[\\p{Mn}]"}, "content": " "},
    "Replace regex with empty matches": {"type": "Replace", "pattern": {"Regex": "a*"}, "content": "_"},
    **{f"Bert {flags}": {"type": "BertNormalizer", "clean_text": clean, "handle_chinese_chars": chinese, "strip_accents": strip, "lowercase": lower}
       for flags, (clean, chinese, strip, lower) in {
           "plain": (True, True, None, True), "cased": (True, True, None, False), "clean only": (True, False, False, False),
           "accents only": (False, False, True, False), "chinese only": (False, True, False, False), "lower only": (False, False, False, True)}.items()},
    "Sequence": {"type": "Sequence", "normalizers": [{"type": "NFD"}, {"type": "Lowercase"}, {"type": "StripAccents"}]},
    "NFKC after Nmt": {"type": "Sequence", "normalizers": [{"type": "Nmt"}, {"type": "NFKC"}, {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}]},
    "Sequence of none": {"type": "Sequence", "normalizers": []},
}

behaviors = ["Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"]
regexes = {
    "GPT-2": r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
    "GPT-4": r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+",
    "Llama 3": r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    "o200k": r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s+",
    "DeepSeek": r"[!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    "scripts": r"[一-龥぀-ゟ゠-ヿ]+|\p{Han}+|\p{Thai}+|\p{Arabic}",
    "words": r"\w+|[^\w\s]+", "no words": r"\W", "words in a class": r"[\w-]+", "no words in a class": r"[\W_]+", "boundaries": r"\b", "digits": r"\d", "spaces": r"\s+", "no spaces": r"\S",
    "hexadecimal": r"\h+", "dot": r".", "lines": r"^.|.$", "atomic": r"(?>a+)b|c", "look behind": r"(?<=[a-z])(?=[A-Z])", "negative": r"(?<!a)b|x(?!y)",
    "posix": r"[[:alpha:]]+|[[:digit:]]", "intersection": r"[\p{L}&&[^a-z]]", "case": r"(?i)hello|K", "escapes": r"\x41|\u0042|\t|\e|\a|\x{1F600}",
    "named": r"(?<first>a)\k<first>", "numbered": r"(a)\1", "anchors": r"\A.|.\z", "lazy": r"a+?b{1,2}?", "interval": r"a{,2}", "comment": r"(?#x)ab", "free": r"(?x) a b # c",
    "linebreak": r"\R", "negated property": r"\P{L}|\p{^N}", "alternatives": r"|a", "punctuation": r"\p{P}", "symbols": r"[\p{Sc}\p{Sk}\p{So}]", "alnum": r"[[:alnum:][:space:]]",
}
pre_tokenizer_cases = {
    **{name: {"type": name} for name in ["Whitespace", "WhitespaceSplit", "BertPreTokenizer"]},
    **{f"Punctuation {one}": {"type": "Punctuation", "behavior": one} for one in behaviors},
    **{f"Digits {one}": {"type": "Digits", "individual_digits": one} for one in (True, False)},
    **{f"CharDelimiterSplit {one}": {"type": "CharDelimiterSplit", "delimiter": one} for one in "-😀"},
    **{f"FixedLength {one}": {"type": "FixedLength", "length": one} for one in (1, 3)},
    **{f"Metaspace {scheme} {split}": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": scheme, "split": split}
       for scheme in ("always", "first", "never") for split in (True, False)},
    "Metaspace of old": {"type": "Metaspace", "replacement": "_", "add_prefix_space": True, "str_rep": "_"},
    **{f"ByteLevel {space} {use}": {"type": "ByteLevel", "add_prefix_space": space, "trim_offsets": True, "use_regex": use}
       for space in (True, False) for use in (True, False)},
    **{f"Split string {one} {invert}": {"type": "Split", "pattern": {"String": pattern}, "behavior": one, "invert": invert}
       for one in behaviors for invert, pattern in ((False, " "), (True, "a"))},
    **{f"Split {behavior} {name}": {"type": "Split", "pattern": {"Regex": regex}, "behavior": behavior, "invert": name == "GPT-4"}
       for i, (name, regex) in enumerate(regexes.items()) for behavior in (["Removed"] if name == "GPT-4" else [behaviors[1 + i % 4]])},
    "Sequence": {"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, {"type": "Punctuation", "behavior": "Isolated"}, {"type": "Digits", "individual_digits": True}]},
    "Sequence as Qwen": {"type": "Sequence", "pretokenizers": [
        {"type": "Split", "pattern": {"Regex": regexes["Llama 3"]}, "behavior": "Isolated", "invert": False},
        {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": False, "use_regex": False}]},
    "Sequence as T5": {"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True}]},
    "Sequence first": {"type": "Sequence", "pretokenizers": [{"type": "Digits", "individual_digits": True}, {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "first", "split": True}]},
}


def added(id, content, special=False, normalized=False, **flags):
    plain = {"single_word": False, "lstrip": False, "rstrip": False}
    return {"id": id, "content": content, **plain, "normalized": normalized, "special": special, **flags}


def added_cases(first):
    """`first` is the first id that the model does not have."""
    def some(*tokens):
        free = iter(range(first, first + len(tokens)))
        return {"added_tokens": [added(pieces_model["vocab"].get(token["content"]) or next(free), **token) for token in tokens]}
    lower = {"normalizer": {"type": "Lowercase"}}
    return {
        "added": some({"content": "<s>", "special": True}, {"content": "</s>", "special": True}),
        "added in words": some({"content": "word"}, {"content": "token", "special": True}),
        "added single_word": some({"content": "word", "single_word": True}, {"content": "a", "single_word": True}),
        "added lstrip": some({"content": "<s>", "lstrip": True}, {"content": "token", "lstrip": True}),
        "added rstrip": some({"content": "<s>", "rstrip": True}, {"content": "token", "rstrip": True}),
        "added both": some({"content": "<tok>", "rstrip": True, "lstrip": True, "special": True}, {"content": "zz", "lstrip": True, "rstrip": True, "single_word": True}),
        "added overlapping": some({"content": "tok"}, {"content": "token"}, {"content": "<tok>"}, {"content": "<tokx>"}, {"content": "kx>"}, {"content": " t"}),
        "added normalized": {**some({"content": "Token", "normalized": True}, {"content": "<S>", "normalized": True}), **lower},
        "added normalized and not": {**some({"content": "Token", "normalized": True}, {"content": "TOKEN"}, {"content": "<s>"}), **lower},
        "added with special characters": some({"content": "."}, {"content": "$1"}, {"content": "😀"}, {"content": "\n"}, {"content": "(don't)"}, {"content": "\\n"}),
        "added of the model": {"added_tokens": [added(0, "[UNK]", True), added(1, characters[0])]},
        "added beside Metaspace": {**some({"content": "<s>", "special": True}, {"content": "word"}), "pre_tokenizer": pre_tokenizer_cases["Metaspace first True"]},
        "added beside Prepend": {**some({"content": "<s>", "special": True}, {"content": "▁word", "normalized": True}), "normalizer": normalizer_cases["Prepend"]},
    }


def charsmap(replacements):
    """SentencePiece's double array, with a block of 256 units for each node."""
    nodes, blocks, blob = [{}], {(): 0}, b""
    places = {}
    for source, target in replacements.items():
        places[source] = len(blob)
        blob += target.encode() + b"\0"
        node = 0
        for byte in source.encode():
            if byte not in nodes[node]:
                nodes[node][byte] = len(nodes)
                nodes.append({})
            node = nodes[node][byte]
        nodes[node][None] = places[source]
    units = [0] * (256 * (len(nodes) + 1))
    at = {0: 0}
    for number, node in enumerate(nodes):
        base = 256 * (number + 1)
        place, label = (0, 0) if number == 0 else at[number]
        units[place] = label | ((None in node) << 8) | ((place ^ base) << 10)
        for byte, child in node.items():
            if byte is None:
                units[base] = (1 << 31) | child
            else:
                at[child] = (base ^ byte, byte)
    return base64.b64encode(struct.pack("<I", 4 * len(units)) + struct.pack(f"<{len(units)}I", *units) + blob).decode()


precompiled = {"type": "Precompiled", "precompiled_charsmap": charsmap({
    "\r": " ", "\n": " ", "\t": " ", "é": "e", "e\u0301": "E", "ﬁ": "fi", "　": " ", "ｆ": "f", "½": "1/2", "\u200b": "", "😀": ":)", "ü": "ue"})}
normalizer_cases["Precompiled"] = precompiled
normalizer_cases["Precompiled in a sequence"] = {"type": "Sequence", "normalizers": [precompiled, {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}]}

bytes_vocab = {f"<0x{byte:02X}>": 2 + byte for byte in range(256)}


def vocab_of(tokens):
    return {token: id for id, token in enumerate(tokens)}


def bpe(tokens, merges, **more):
    plain = {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None, "end_of_word_suffix": None, "fuse_unk": False, "byte_fallback": False, "ignore_merges": False}
    return {**plain, "vocab": tokens if isinstance(tokens, dict) else vocab_of(tokens), "merges": merges, **more}


letters = list("abcdehilnorstwxyz ▁")
pairs = [("t", "h"), ("th", "e"), ("a", "a"), ("aa", "aa"), ("a", "b"), ("ab", "ab"), ("o", "r"), ("w", "or"), ("wor", "d"), ("l", "l"), ("▁", "the"), (" ", "the")]
bpe_tokens = ["<unk>", *letters, *[a + b for a, b in pairs]]
pieces = [["<unk>", 0.0], ["▁", -2.0], ["the", -3.5], ["▁the", -3.0], ["t", -5.0], ["h", -5.5], ["e", -4.0], ["a", -4.5], ["ab", -5.25], ["abab", -9.0], ["w", -6], ["word", -7.5], ["s", -4.75], ["😀", -8.0], ["o", -4.1], ["l", -4.2], ["n", -4.3], ["i", -4.4], [" ", -3.3], ["aaa", -13.5], ["aa", -9.0]]
space = {"pre_tokenizer": {"type": "WhitespaceSplit"}}
meta = {"pre_tokenizer": pre_tokenizer_cases["Metaspace always True"], "decoder": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True}}
llama_decoder = {"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]}
fallback = {**{"<unk>": 0, "</s>": 1}, **bytes_vocab, **{token: 258 + i for i, token in enumerate([*letters, "th", "the", "▁the"])}}
fallback_merges = [["t", "h"], ["th", "e"], ["▁", "the"]]
prefixed = ["<unk>", *letters, *["##" + letter for letter in letters], "th", "##he", "the", "##ab", "a##b", "##or"]
model_cases = {
    "BPE without unknown": {"model": bpe(bpe_tokens, pairs), **space},
    "BPE unknown": {"model": bpe(bpe_tokens, pairs, unk_token="<unk>"), **space},
    "BPE fused unknown": {"model": bpe(bpe_tokens, pairs, unk_token="<unk>", fuse_unk=True)},
    "BPE whole text": {"model": bpe(bpe_tokens, [f"{a} {b}" for a, b in pairs if a != " "], unk_token="<unk>")},
    "BPE of old, without a type": {"model": {key: value for key, value in bpe(bpe_tokens, [f"{a} {b}" for a, b in pairs if a != " "], unk_token="<unk>").items() if key in ("vocab", "merges", "unk_token")}, **space},
    "BPE byte fallback": {"model": bpe(fallback, fallback_merges, unk_token="<unk>", byte_fallback=True), "decoder": llama_decoder,
                          "normalizer": {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "▁"}, {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]}},
    "BPE half a byte fallback": {"model": bpe({token: id for token, id in {**{t: i for i, t in enumerate(["<unk>", *letters, "<0xC3>", "<0xA9>", "<0x41>", "<0x21>"])}}.items()}, [], unk_token="<unk>", byte_fallback=True, fuse_unk=True), "decoder": {"type": "ByteFallback"}},
    "BPE prefix": {"model": bpe(prefixed, [["t", "##he"], ["##a", "##b"]], unk_token="<unk>", continuing_subword_prefix="##"), **space, "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True}},
    "BPE suffix": {"model": bpe(["<unk>", *letters, *[letter + "</w>" for letter in letters], "th", "the</w>", "ab", "ab</w>", "d</w>d"], [["t", "h"], ["th", "e</w>"], ["a", "b"], ["a", "b</w>"]], unk_token="<unk>", end_of_word_suffix="</w>"), **space,
                   "decoder": {"type": "BPEDecoder", "suffix": "</w>"}},
    "BPE ignoring merges": {"model": bpe([*bpe_tokens, "Hello,", "words", "😀😀"], pairs, unk_token="<unk>", ignore_merges=True), **space},
    "BPE dropout 0": {"model": bpe(bpe_tokens, pairs, dropout=0.0), **space},
    "BPE bytes": {"model": bpe([*sorted(tokenizers.pre_tokenizers.ByteLevel.alphabet()), "Ġt", "he", "Ġthe"], [["Ġ", "t"], ["h", "e"], ["Ġt", "he"]]), "pre_tokenizer": pre_tokenizer_cases["Sequence as Qwen"],
                  "decoder": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True}, "normalizer": {"type": "NFC"}},
    "BPE gaps in the ids": {"model": bpe({"a": 0, "b": 3, "ab": 7, "<unk>": 1}, [["a", "b"]], unk_token="<unk>")},
    "WordPiece": {"model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 5, "vocab": vocab_of(["[UNK]", "the", "##e", "##m", "word", "##s", "a", "##a", "wor", "##d", "don", "'", "t", "😀", "##😀", "a##b"])}, **space,
                  "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": False}},
    "WordPiece of old, without a prefix": {"model": {"unk_token": "[UNK]", "continuing_subword_prefix": "", "max_input_chars_per_word": 100, "vocab": vocab_of(["[UNK]", "the", "e", "m", "word", "s", "a", "aa"])}, "pre_tokenizer": {"type": "BertPreTokenizer"}},
    "WordLevel": {"model": {"type": "WordLevel", "unk_token": "[UNK]", "vocab": vocab_of(["[UNK]", "the", "word", "a", "😀😀", "Hello", ",", "café"])}, "pre_tokenizer": {"type": "Whitespace"}},
    "Unigram": {"model": {"type": "Unigram", "unk_id": 0, "vocab": pieces, "byte_fallback": False}, **meta},
    "Unigram as T5": {"model": {"type": "Unigram", "unk_id": 0, "vocab": pieces}, "normalizer": precompiled, "pre_tokenizer": pre_tokenizer_cases["Sequence as T5"], "decoder": meta["decoder"]},
    "Unigram with NFKC": {"model": {"type": "Unigram", "unk_id": 0, "vocab": pieces, "byte_fallback": False}, "normalizer": {"type": "NFKC"}, **meta},
    "Unigram byte fallback": {"model": {"type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 0.0], ["a", -1.0], *[[token, -10.0] for token in bytes_vocab], ["▁", -1.5], ["aa", -2.0]], "byte_fallback": True}, "pre_tokenizer": meta["pre_tokenizer"], "decoder": llama_decoder},
    "Unigram whose unknown is a text": {"model": {"type": "Unigram", "unk_id": 1, "vocab": [["a", -1.0], ["x", -9.0], ["😀😀", -1.0], ["b", -3.0]], "byte_fallback": False}},
}
decoder_cases = {
    "CTC": {"type": "CTC", "pad_token": "a", "word_delimiter_token": "|", "cleanup": True}, "CTC as it is": {"type": "CTC", "pad_token": "b", "word_delimiter_token": "|", "cleanup": False},
    "Fuse": {"type": "Fuse"}, "Strip": {"type": "Sequence", "decoders": [{"type": "Fuse"}, {"type": "Strip", "content": "a", "start": 2, "stop": 0}]},
    "WordPiece": {"type": "WordPiece", "prefix": "##", "cleanup": True}, "Replace regex": {"type": "Replace", "pattern": {"Regex": "^##|[aeiou]"}, "content": "$1"},
    "Metaspace never": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "never", "split": True},
}
processors = {
    "Template": {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "[UNK]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}], "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
                 "special_tokens": {"[UNK]": {"id": "[UNK]", "ids": [0], "tokens": ["[UNK]"]}}},
    "Bert": {"type": "BertProcessing", "sep": ["[UNK]", 0], "cls": ["[UNK]", 0]},
    "Roberta": {"type": "RobertaProcessing", "sep": ["[UNK]", 0], "cls": ["[UNK]", 0], "trim_offsets": True, "add_prefix_space": True},
    "ByteLevel": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
    "Template of several": {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "x", "type_id": 0}}, {"SpecialToken": {"id": "y", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "y", "type_id": 0}}],
                            "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
                            "special_tokens": {"x": {"id": "x", "ids": [3, 5], "tokens": ["p", "q"]}, "y": {"id": "y", "ids": [7], "tokens": ["r"]}}},
    "Template of nothing": {"type": "TemplateProcessing", "single": [{"Sequence": {"id": "A", "type_id": 0}}], "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}], "special_tokens": {}},
    "Bert of two": {"type": "BertProcessing", "sep": ["a", 9], "cls": ["b", 11]},
}
processors["Sequence of two"] = {"type": "Sequence", "processors": [processors["Bert of two"], processors["Template of several"]]}

refused = {
    "UnicodeScripts": ({"pre_tokenizer": {"type": "UnicodeScripts"}}, "pre_tokenizer"),
    "BPE dropout": ({"model": bpe(bpe_tokens, pairs, dropout=0.1)}, "dropout"),
    "an unknown type": ({"normalizer": {"type": "Transliterate"}}, "Transliterate"),
    "an unknown field": ({"pre_tokenizer": {"type": "Digits", "individual_digits": True, "script": "Thai"}}, "script"),
    "an unknown value": ({"pre_tokenizer": {"type": "Punctuation", "behavior": "Doubled"}}, "Doubled"),
    "an unknown part of a sequence": ({"normalizer": {"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "Append", "append": "x"}]}}, "normalizers\\[1\\]"),
    "a template with a text twice": ({"post_processor": {"type": "TemplateProcessing", "single": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}], "pair": [], "special_tokens": {}}}, "2 times"),
    "a template of another token type": ({"post_processor": {"type": "TemplateProcessing", "single": [{"Sequence": {"id": "A", "type_id": 1}}], "pair": [], "special_tokens": {}}}, "piece"),
    "a template with a token that it does not have": ({"post_processor": {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "z", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}], "pair": [], "special_tokens": {}}}, "piece"),
    "an unknown post-processor": ({"post_processor": {"type": "Pairing"}}, "Pairing"),
    "an unknown section": ({"speaker": 3}, "speaker"),
    "another version": ({"version": "2.0"}, "version"),
    "ids that Python would give otherwise": ({"model": bpe(bpe_tokens, pairs), "added_tokens": [added(99, "<s>", True)]}, "99"),
    "ids in another order": ({"model": bpe(bpe_tokens, pairs), "added_tokens": [added(len(bpe_tokens) + 1, "<a>"), added(len(bpe_tokens), "<b>")]}, "<a>"),
    "an id twice": ({"model": bpe({"a": 0, "b": 0}, [])}, "both"),
    "an id far beyond the vocabulary": ({"model": bpe({"a": 0, "b": 4000000000}, [])}, "4000000000"),
    "an id below 0": ({"model": bpe({"a": 0, "b": -1}, [])}, "-1"),
    "a merge twice": ({"model": bpe(bpe_tokens, [*pairs, pairs[0]])}, "twice"),
    "a merge out of the vocabulary": ({"model": bpe(bpe_tokens, [["x", "q"]])}, "merge"),
    "an added token twice": ({"model": bpe(bpe_tokens, pairs), "added_tokens": [added(len(bpe_tokens), "<a>"), added(len(bpe_tokens), "<a>", True)]}, "second time"),
    "a damaged table": ({"normalizer": {"type": "Precompiled", "precompiled_charsmap": "AAAA"}}, "precompiled_charsmap"),
    "a regular expression with ligatures": ({"pre_tokenizer": {"type": "Split", "pattern": {"Regex": "(?i)ss"}, "behavior": "Isolated", "invert": False}}, "regular expression"),
    "the place of the last match": ({"pre_tokenizer": {"type": "Split", "pattern": {"Regex": "\\Ga"}, "behavior": "Isolated", "invert": False}}, "regular expression"),
    "no boundaries": ({"pre_tokenizer": {"type": "Split", "pattern": {"Regex": "\\B"}, "behavior": "Isolated", "invert": False}}, "regular expression"),
    "a property that is not what it is called": ({"pre_tokenizer": {"type": "Split", "pattern": {"Regex": "\\p{Word}+"}, "behavior": "Isolated", "invert": False}}, "regular expression"),
    "a regular expression of another meaning": ({"pre_tokenizer": {"type": "Split", "pattern": {"Regex": "\\p{Cc}"}, "behavior": "Isolated", "invert": False}}, "regular expression"),
    "a damaged regular expression": ({"pre_tokenizer": {"type": "Split", "pattern": {"Regex": "(a"}, "behavior": "Isolated", "invert": False}}, "regular expression"),
    "first after places have moved": ({"normalizer": {"type": "Strip", "strip_left": True, "strip_right": False}, "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "first", "split": True}]}}, "first"),
    "add_prefix_space against its scheme": ({"pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "add_prefix_space": False, "prepend_scheme": "always"}}, "add_prefix_space"),
    "scores that are none": ({"model": {"type": "Unigram", "unk_id": 0, "vocab": [["a", "b"]]}}, "vocab"),
    "an unknown id beyond the vocabulary": ({"model": {"type": "Unigram", "unk_id": 5, "vocab": [["a", 0.0]]}}, "unk_id"),
    "an unknown post-processor": ({"post_processor": {"type": "Frame"}}, "post_processor"),
}


def spelled_characters():
    """Every character that a normalizer or the byte alphabet makes of the texts."""
    found = set(tokenizers.pre_tokenizers.ByteLevel.alphabet())
    for part in [None, *normalizer_cases.values()]:
        made = Tokenizer.from_str(json.dumps({"version": "1.0", "added_tokens": [], "normalizer": part, "model": bpe([], [])}))
        for text in texts:
            found.update(made.normalizer.normalize_str(text) if part else text)
    return "".join(sorted(found | {"▁", "_"}))


characters = spelled_characters()
pieces_model = {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 10000,
                "vocab": vocab_of(["[UNK]", *[token for character in characters for token in (character, "##" + character)]])}


def completed(parts):
    plain = {"version": "1.0", "truncation": None, "padding": None, "added_tokens": [], "normalizer": None, "pre_tokenizer": None, "post_processor": None, "decoder": None, "model": pieces_model}
    return {**plain, **parts}


def answers(name, parts):
    made = Tokenizer.from_str(json.dumps(completed(parts)))
    made.no_truncation()
    made.no_padding()
    ids = [made.encode(text, add_special_tokens=False).ids for text in texts]
    framed = [made.encode(text).ids for text in texts]
    answer = {"case": name, "file": parts, "ids": [lists.setdefault(tuple(one), len(lists)) for one in ids]}
    if name.split()[0] in ("normalizer", "pre_tokenizer", "post_processor"):
        return {**answer, "framed": [lists.setdefault(tuple(one), len(lists)) for one in framed]} if name.startswith("post") else answer
    return {**answer, "decoded": [strings.setdefault(made.decode(one), len(strings)) for one in ids]}


lists, strings = {}, {}


def digest(strings):
    return hashlib.sha256("\n".join(strings).encode()).hexdigest()


sampled = [(0, 0x3400), (0x4DB0, 0x4E10), (0x9FF0, 0xAC10), (0xD7A0, 0xD800), (0xF8F0, 0x18D40), (0x1AFF0, 0x20010), (0x2A6D0, 0x2F810), (0x2FA10, 0x2FA30), (0xE0000, 0xE0200), (0x10FFF0, 0x110000)]


def classes():
    """What the code points of `sampled` become: normalized after a letter and before two marks, split between two letters."""
    codes = [code for first, last in sampled for code in range(first, last)]
    names = ["NFC", "NFD", "NFKC", "NFKD", "Lowercase", "StripAccents", "Nmt", "Bert plain", "Bert accents only", "Bert clean only"]
    splits = ["Whitespace", "WhitespaceSplit", "BertPreTokenizer", "Punctuation Isolated", "Digits True", "Split MergedWithNext words", "Split MergedWithNext punctuation"]
    splits = [name for name in pre_tokenizer_cases if name in splits or name.startswith("Split") and name.rsplit(" ", 1)[1] in ("words", "punctuation", "posix", "alnum", "o200k", "boundaries")]
    made = {}
    for name in names:
        part = Tokenizer.from_str(json.dumps(completed({"normalizer": normalizer_cases[name]}))).normalizer
        made[name] = digest(part.normalize_str(f"a\u0345{chr(code)}\u0345\u0334a") for code in codes)
    for name in splits:
        part = Tokenizer.from_str(json.dumps(completed({"pre_tokenizer": pre_tokenizer_cases[name]}))).pre_tokenizer
        made[name] = digest("\u0001".join(piece for piece, _ in part.pre_tokenize_str(f"a{chr(code)}1")) for code in codes)
    return made


cases = [
    *[answers(f"normalizer {name}", {"normalizer": part}) for name, part in normalizer_cases.items()],
    *[answers(f"pre_tokenizer {name}", {"pre_tokenizer": part}) for name, part in pre_tokenizer_cases.items()],
    *[answers(name, parts) for name, parts in added_cases(len(pieces_model["vocab"])).items()],
    *[answers(f"model {name}", parts) for name, parts in model_cases.items()],
    *[answers(f"decoder {name}", {"decoder": part}) for name, part in decoder_cases.items()],
    *[answers(f"post_processor {name}", {"post_processor": part}) for name, part in processors.items()],
    answers("post_processor Sequence", {"post_processor": {"type": "Sequence", "processors": [processors["ByteLevel"], processors["Template"]]}}),
    answers("truncation and padding", {"truncation": {"direction": "Right", "max_length": 3, "strategy": "LongestFirst", "stride": 0},
                                       "padding": {"strategy": {"Fixed": 8}, "direction": "Right", "pad_to_multiple_of": None, "pad_id": 0, "pad_type_id": 0, "pad_token": "[UNK]"}}),
]
header = {"script": "foreign-tokenizers.py", "library": f"tokenizers {tokenizers.__version__}", "seed": 0, "layout": "texts, characters, cases: file, ids, framed, decoded; lists, strings; refused: file, names; sampled: ranges; classes: SHA-256 by part"}
document = {"header": header, "texts": texts, "characters": characters, "cases": cases, "lists": list(lists), "strings": list(strings), "sampled": sampled,
            "refused": [{"case": name, "file": parts, "names": names} for name, (parts, names) in refused.items()], "classes": classes()}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(document, separators=(",", ":"), ensure_ascii=False) + "\n")
