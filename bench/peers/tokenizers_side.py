"""The peer's side of bench/tokenizers.ts: trains byte-level BPE and encodes, once, with Python's tokenizers.

Usage: RAYON_NUM_THREADS=<threads> python tokenizers_side.py <novels.jsonl.gz> <vocabulary size> <tokenizer.json to write>
Prints one JSON line.
"""

import gzip
import json
import resource
import sys
import time

import tokenizers
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers


def peak_mb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


path, vocab_size, out = sys.argv[1], int(sys.argv[2]), sys.argv[3]
with gzip.open(path, "rt", encoding="utf-8") as lines:
    texts = [json.loads(line)["text"] for line in lines]

made = Tokenizer(models.BPE())
made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, trim_offsets=False)
made.decoder = decoders.ByteLevel(add_prefix_space=False, trim_offsets=False)
start = time.perf_counter()
made.train_from_iterator(texts, trainers.BpeTrainer(
    vocab_size=vocab_size, min_frequency=2, special_tokens=["<|endoftext|>"],
    initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
train_seconds = time.perf_counter() - start
train_peak = peak_mb()
made.save(out)

start = time.perf_counter()
tokens = 0
for i in range(0, len(texts), 8):  # the fast form keeps no places, as ours
    tokens += sum(len(one.ids) for one in made.encode_batch_fast(texts[i : i + 8]))
encode_seconds = time.perf_counter() - start
print(json.dumps({
    "bytes": sum(len(text.encode()) for text in texts), "trainSeconds": train_seconds, "trainPeakMb": train_peak,
    "encodeSeconds": encode_seconds, "tokens": tokens, "peakMb": peak_mb(), "version": tokenizers.__version__,
}))
