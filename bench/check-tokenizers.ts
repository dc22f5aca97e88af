// Every kind of tokenizer, learned from real texts, opened by Python's tokenizers: the same ids, places and decoded texts on
// every line.
//   node dist/bench/check-tokenizers.js [--data <folder>] [--kinds bpe,wordpiece,characters]
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openTable, streamTexts } from "../src/tables/index.js";
import {
  type LanguageTokenizer,
  trainByteLevelBpe,
  trainCharacters,
  trainWordPiece,
} from "../src/text/tokenizers/index.js";
import { defaultDataFolder } from "./data-sets.js";
import { pythonOf } from "./start-peer.js";

const { values: flags } = parseArgs({
  options: {
    data: { type: "string", default: defaultDataFolder() },
    kinds: { type: "string", default: "bpe,wordpiece,characters" },
  },
});
const kinds: Record<string, () => Promise<LanguageTokenizer>> = {
  bpe: () => trainByteLevelBpe(batches()),
  wordpiece: () => trainWordPiece(batches()),
  characters: () => trainCharacters(batches()),
};

const folder = mkdtempSync(join(tmpdir(), "columnist-check-tokenizers-"));
try {
  for (const kind of flags.kinds.split(",")) await check(kind, await kinds[kind]());
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function* batches(): AsyncGenerator<string[]> {
  yield [readFileSync(join(flags.data, "text/tinyshakespeare.txt"), "utf8")];
  const table = await openTable({ path: join(flags.data, "text/novels.jsonl.gz") });
  for await (const { texts } of streamTexts(table, { text: ["text"] })) yield texts;
  table.close();
}

async function check(kind: string, tokenizer: LanguageTokenizer): Promise<void> {
  const file = join(folder, `${kind}.json`);
  writeFileSync(file, tokenizer.toJson());
  const python = spawn(pythonOf(".venv"), ["bench/peers/check_tokenizer.py", file, "-"], {
    stdio: ["pipe", "inherit", "inherit"],
  });
  const ended = once(python, "exit");
  let tokens = 0;
  for await (const texts of batches())
    for (const text of texts)
      for (const line of text.split("\n")) {
        const { ids, starts, ends } = tokenizer.encodeWithOffsets(line);
        tokens += ids.length;
        const offsets = Array.from(starts!, (start, k) => [start, ends![k]]);
        const row = { text: line, ids: Array.from(ids), offsets, decoded: tokenizer.decode(ids) };
        if (!python.stdin.write(`${JSON.stringify(row)}\n`)) await Promise.race([once(python.stdin, "drain"), ended]);
      }
  python.stdin.end();
  const [code] = await ended;
  process.stdout.write(`${kind}: ${tokenizer.vocabSize} tokens in the vocabulary, ${tokens} in the texts\n`);
  if (code !== 0) process.exitCode = 1;
}
