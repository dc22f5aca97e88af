"""Asks Python's tokenizers for the ids of texts and compares.

Usage: python check_tokenizer.py <tokenizer.json> <rows.jsonl, or - for standard input>
A row is {"text": ..., "ids": [...]}, and, if wished, "offsets": [[start, end], ...] in UTF-16 units of the text and
"decoded": the text of the ids. Exit code 1 when one differs.
"""

import json
import sys

import tokenizers

tokenizer = tokenizers.Tokenizer.from_file(sys.argv[1])
tokenizer.no_truncation()
tokenizer.no_padding()
counts = {"ids": 0, "offsets": 0, "decoded": 0}
wrong = dict.fromkeys(counts, 0)


def units(text):
    """The UTF-16 position of each code point, and of the end."""
    at = [0]
    for character in text:
        at.append(at[-1] + (2 if ord(character) > 0xFFFF else 1))
    return at


with open(0 if sys.argv[2] == "-" else sys.argv[2], encoding="utf-8") as file:
    for line in file:
        row = json.loads(line)
        encoding = tokenizer.encode(row["text"], add_special_tokens=False)
        theirs = {"ids": encoding.ids}
        if "offsets" in row:
            at = units(row["text"])
            theirs["offsets"] = [[at[start], at[end]] for start, end in encoding.offsets]
        if "decoded" in row:
            theirs["decoded"] = tokenizer.decode(encoding.ids)
        for name, value in theirs.items():
            counts[name] += 1
            if value != row[name]:
                wrong[name] += 1
                if wrong[name] <= 5:
                    print(f"{name} of {row['text'][:80]!r}:\n  theirs {value}\n  ours   {row[name]}"[:600])
for name, count in counts.items():
    if count:
        print(f"tokenizers {tokenizers.__version__}: {count - wrong[name]} of {count} texts give the same {name}")
sys.exit(1 if any(wrong.values()) or not counts["ids"] else 0)
