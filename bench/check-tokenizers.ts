// Every kind of tokenizer, learned from real texts, opened by Python's tokenizers: the same ids, places and decoded texts on
// every line. And tokenizer.json files of others: the same ids and decoded texts on 2,000 messages, questions and German
// captions each.
//   node dist/bench/check-tokenizers.js [--data <folder>] [--kinds bpe,wordpiece,characters] [tokenizer.json ...]
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openTable, streamTexts } from "../src/tables/index.js";
import {
  loadTokenizer,
  type Tokenizer,
  trainByteLevelBpe,
  trainCharacters,
  trainWordPiece,
} from "../src/text/tokenizers/index.js";
import { defaultDataFolder } from "./data-sets.js";
import { pythonOf } from "./start-peer.js";

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: "string", default: defaultDataFolder() },
    kinds: { type: "string", default: "bpe,wordpiece,characters" },
  },
});
/** Of each source, for the files of others. */
const mostForeignTexts = 2000;
const kinds: Record<string, () => Promise<Tokenizer>> = {
  bpe: () => trainByteLevelBpe(batches()),
  wordpiece: () => trainWordPiece(batches()),
  characters: () => trainCharacters(batches()),
};

const folder = mkdtempSync(join(tmpdir(), "columnist-check-tokenizers-"));
try {
  for (const kind of flags.kinds.split(",").filter((kind) => kind !== ""))
    await check(kind, await kinds[kind](), batches());
  for (const file of positionals) {
    const started = performance.now();
    await check(file, loadTokenizer(readFileSync(file, "utf8")), foreignTexts());
    process.stdout.write(`${file}: ${((performance.now() - started) / 1000).toFixed(1)} s with Python's part\n`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function* batches(): AsyncGenerator<string[]> {
  yield [readFileSync(join(flags.data, "text/tinyshakespeare.txt"), "utf8")];
  const table = await openTable({ path: join(flags.data, "text/novels.jsonl.gz") });
  for await (const { texts } of streamTexts(table, { text: ["text"] })) yield texts;
  table.close();
}

async function* foreignTexts(): AsyncGenerator<string[]> {
  yield readFileSync(join(flags.data, "multi30k/train.de"), "utf8").split("\n").slice(0, mostForeignTexts);
  for (const [path, column] of [
    ["sms-spam.csv", "text"],
    ["banking77/train.csv", "text"],
  ]) {
    const table = await openTable({ path: join(flags.data, path) });
    let count = 0;
    for await (const { texts } of streamTexts(table, { text: [column] })) {
      yield texts.slice(0, mostForeignTexts - count);
      count += texts.length;
      if (count >= mostForeignTexts) break;
    }
    table.close();
  }
}

async function check(kind: string, tokenizer: Tokenizer, source: AsyncIterable<string[]>): Promise<void> {
  const file = join(folder, "tokenizer.json");
  writeFileSync(file, tokenizer.toJson());
  const python = spawn(pythonOf(".venv"), ["bench/peers/check_tokenizer.py", file, "-"], {
    stdio: ["pipe", "inherit", "inherit"],
  });
  const ended = once(python, "exit");
  let tokens = 0;
  for await (const texts of source)
    for (const text of texts)
      for (const line of text.split("\n")) {
        const { ids, starts, ends } = tokenizer.encodeWithOffsets(line);
        tokens += ids.length;
        const offsets = starts && Array.from(starts, (start, k) => [start, ends![k]]);
        const row = { text: line, ids: Array.from(ids), offsets, decoded: tokenizer.decode(ids) };
        if (!python.stdin.write(`${JSON.stringify(row)}\n`)) await Promise.race([once(python.stdin, "drain"), ended]);
      }
  python.stdin.end();
  const [code] = await ended;
  process.stdout.write(`${kind}: ${tokenizer.vocabSize} tokens in the vocabulary, ${tokens} in the texts\n`);
  if (code !== 0) process.exitCode = 1;
}
