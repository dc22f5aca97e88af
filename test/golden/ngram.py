"""Writes ngram.json beside it. Needs only Python; with the path of KenLM's lmplz as argument it also compares itself with
lmplz on the same texts (that of KenLM 0.3.0 agreed to 1e-6). Seed 5.

Interpolated modified Kneser-Ney smoothing as the definitions have it, with dictionaries and without speed: S. F. Chen and
J. Goodman, An Empirical Study of Smoothing Techniques for Language Modeling (1998), section 3.
"""
import json
import math
import pathlib
import random
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict

BEGIN = -1


def ngrams(texts, n, end):
    """Every n-gram that ends in a token to be predicted; the beginning of a text counts as one token."""
    for text in texts:
        padded = [BEGIN, *text] + ([end] if end is not None else [])
        for i in range(1, len(padded)):
            if i + 1 >= n:
                yield tuple(padded[i + 1 - n : i + 1])


class KneserNey:
    def __init__(self, texts, order, vocab_size, end):
        self.order, self.vocab_size = order, vocab_size
        self.counts, self.followers, self.discounts = {}, {}, {}
        for n in range(1, order + 1):
            raw = Counter(ngrams(texts, n, end))
            if n == order:
                counts = raw
            else:
                before = defaultdict(set)
                for longer in set(ngrams(texts, n + 1, end)):
                    before[longer[1:]].add(longer[0])
                counts = {g: raw[g] if g[0] == BEGIN else len(before[g]) for g in raw}
            self.counts[n] = counts
            self.followers[n] = defaultdict(list)
            for g, count in counts.items():
                self.followers[n][g[:-1]].append(count)
            self.discounts[n] = self.find_discounts(Counter(counts.values()))

    @staticmethod
    def find_discounts(n):
        if all(n[c] > 0 for c in (1, 2, 3)):
            y = n[1] / (n[1] + 2 * n[2])
            d = [c - (c + 1) * y * n[c + 1] / n[c] for c in (1, 2, 3)]
            if all(0 < value <= c for c, value in enumerate(d, 1)):
                return d
        return [0.5, 1.0, 1.5]

    def probability(self, token, context):
        """P(token | context), context a tuple of at most order - 1 tokens."""
        n = len(context) + 1
        lower = self.probability(token, context[1:]) if context else 1 / self.vocab_size
        counts = self.followers[n].get(context)
        if not counts:
            return lower
        discount = lambda count: self.discounts[n][min(count, 3) - 1] if count > 0 else 0
        own = self.counts[n].get((*context, token), 0)
        return (own - discount(own) + sum(map(discount, counts)) * lower) / sum(counts)

    def score(self, text):
        padded = [BEGIN, *text]
        return [
            math.log(self.probability(padded[i], tuple(padded[max(0, i + 1 - self.order) : i])))
            for i in range(1, len(padded))
        ]


def make_texts(rng, count, vocab, longest):
    """Tokens by Zipf's law, each likely to be followed by one of two of its own."""
    weights = [1 / (i + 1) for i in range(vocab)]
    texts = []
    for _ in range(count):
        text, last = [], rng.randrange(vocab)
        for _ in range(rng.randrange(1, longest)):
            if rng.random() < 0.4:
                last = rng.choices(range(vocab), weights)[0]
            else:
                last = (last * 7 + rng.randrange(2)) % vocab
            text.append(last)
        texts.append(text)
    return texts


def compare_with_kenlm(lmplz, case, model):
    """lmplz knows the words it saw, the end and <unk>: the vocabulary's size must be the number of these."""
    with tempfile.TemporaryDirectory() as folder:
        arpa = pathlib.Path(folder, "lm.arpa")
        lines = "".join(" ".join(f"t{token}" for token in text) + "\n" for text in case["texts"])
        command = [lmplz, "-o", str(model.order), "--arpa", str(arpa), "--discount_fallback", "-S", "100M", "-T", folder]
        subprocess.run(command, input=lines.encode(), check=True, capture_output=True)
        name = {"<s>": BEGIN, "</s>": case["endId"]}
        widest = checked = 0
        for line in arpa.read_text().splitlines():
            fields = line.split("\t")
            if len(fields) < 2 or "<unk>" in line or fields[1] == "<s>":
                continue
            gram = tuple(name[word] if word in name else int(word[1:]) for word in fields[1].split(" "))
            ours = math.log10(model.probability(gram[-1], gram[:-1]))
            widest, checked = max(widest, abs(ours - float(fields[0]))), checked + 1
        print(f"{case['case']}: {checked} n-grams, widest difference from lmplz {widest:.1e} (log10)")
        assert widest < 1e-6


def main():
    rng = random.Random(5)
    cases = []
    for name, order, vocab, count, longest, with_end in [
        ("order 1", 1, 12, 30, 12, True),
        ("order 2 without ends", 2, 20, 40, 15, False),
        ("order 3", 3, 60, 200, 20, True),
        ("order 5", 5, 40, 150, 30, True),
        ("order 5, few texts", 5, 9, 4, 8, True),
    ]:
        texts, held_out = make_texts(rng, count, vocab, longest), make_texts(rng, 12, vocab + 1, longest)
        # Ids: the tokens, one that was never seen, the end where there is one.
        seen = {token for text in texts for token in text}
        ids = {token: i for i, token in enumerate(sorted(seen))}
        unseen = len(ids)
        end = unseen + 1 if with_end else None
        texts = [[ids[token] for token in text] for text in texts]
        held_out = [[ids.get(token, unseen) for token in text] for text in held_out]
        vocab_size = unseen + 1 + with_end
        model = KneserNey(texts, order, vocab_size, end)
        contexts = [[], held_out[0][:2], texts[1][:4], [*texts[2], *texts[3]], [unseen]]
        rows = []
        for context in contexts:
            given = tuple([BEGIN, *context][max(0, len(context) + 2 - order) :]) if order > 1 else ()
            rows.append([model.probability(token, given) for token in range(vocab_size)])
            assert abs(sum(rows[-1]) - 1) < 1e-12
        case = {
            "case": name,
            "order": order,
            "vocabSize": vocab_size,
            "endId": end,
            "texts": texts,
            "heldOut": held_out,
            "counts": [len(model.counts[n]) for n in range(1, order + 1)],
            "discounts": [model.discounts[n] for n in range(1, order + 1)],
            "logProbabilities": [model.score(text) for text in held_out],
            "contexts": contexts,
            "distributions": rows,
        }
        if len(sys.argv) > 1 and with_end and order > 1:
            compare_with_kenlm(sys.argv[1], case, model)
        cases.append(case)
    header = {
        "script": "test/golden/ngram.py",
        "library": "none (Python's own arithmetic)",
        "seed": 5,
        "layout": "texts and heldOut: lists of ids; logProbabilities: natural, of heldOut; distributions: one row of "
        "vocabSize for each of contexts, which begin with a text; counts: n-grams by length; endId null: no ends",
    }
    path = pathlib.Path(__file__).with_suffix(".json")
    path.write_text(json.dumps({"header": header, "cases": cases}, separators=(",", ":")) + "\n")


main()
