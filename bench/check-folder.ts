// A model folder must open elsewhere: writes what our side computes for some texts and lets Python's tokenizers, ONNX
// Runtime and safetensors compute the same (bench/peers/check_model_folder.py).
//   node dist/bench/check-folder.js <model folder> [...]      folders that `columnist train` wrote
//   node dist/bench/check-folder.js --data <folder>           trains one of each family on SMS first
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { classify } from "../src/tasks/classify/task.js";
import { openTextModel } from "../src/tasks/index.js";
import { encode, loadTokenizer, unknownId, vocabularyFromJson } from "../src/text/index.js";
import { defaultDataFolder, readSplit, writeSplit } from "./data-sets.js";
import { runCommand } from "./run-command.js";
import { pythonOf } from "./start-peer.js";

const { values: flags, positionals } = parseArgs({
  options: { data: { type: "string", default: defaultDataFolder() } },
  allowPositionals: true,
});
const work = mkdtempSync(join(tmpdir(), "columnist-check-"));
try {
  const folders = positionals.length > 0 ? positionals : await trainEach();
  for (const folder of folders) await check(folder);
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** Ordinary texts, and what trips tokenizers: scripts, accents, emoji, control characters, special tokens, length. */
function sampleTexts(): string[] {
  return [
    "Free entry in 2 a weekly competition! Text WIN to 80086 now.",
    "ok lar... joking with you",
    "",
    "   \t\n ",
    "Ünïcödé naïve café, Straße, İstanbul, ﬁne",
    "我爱北京天安门 and 東京タワー",
    "한국어 문장과 עברית ועربي",
    "emoji 😀👩‍👩‍👧‍👦🇩🇪 and math ∑∫≈ — “quotes” ’",
    "[PAD] [UNK] [CLS] [MASK] ##ing",
    "zero\u0000width\u200bjoin\u00adsoft\ufeff",
    "supercalifragilisticexpialidocious antidisestablishmentarianism pneumonoultramicroscopic",
    "x".repeat(150),
    "http://www.example.com/path?q=1&r=2 user@example.org #tag @name £5.00 50%",
    "word ".repeat(600),
    "A\u0301 combining e\u0301 versus é",
  ];
}

async function check(folder: string): Promise<void> {
  const { model } = await openTextModel(folder, { threads: 1 });
  const tokenizerPath = join(folder, "tokenizer.json");
  const json = existsSync(tokenizerPath) ? readFileSync(tokenizerPath, "utf8") : undefined;
  const { encodeText, emptyId } = readerOf(model.family, json);
  const texts = sampleTexts();
  const probabilities = await model.predict(texts);
  const rows = texts.map((text, i) => ({
    text,
    ids: [...encodeText(text)],
    emptyId,
    probabilities: [...probabilities.subarray(i * model.width, (i + 1) * model.width)],
  }));
  await model.close();
  const path = join(work, "rows.jsonl");
  writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  process.stdout.write(`${model.family} in ${folder}\n`);
  const { status } = spawnSync(pythonOf(".venv"), ["bench/peers/check_model_folder.py", folder, path], {
    stdio: "inherit",
  });
  if (status !== 0) process.exitCode = 1;
}

/** How the family reads a text, and the id that stands for a text without any. */
function readerOf(family: string, json: string | undefined) {
  if (json === undefined) return { encodeText: () => [], emptyId: 0 };
  if (family === "pretrained") {
    const tokenizer = loadTokenizer(json);
    return { encodeText: (text: string) => tokenizer.encode(text), emptyId: tokenizer.roles.endOfText ?? 0 };
  }
  const tokenizer = vocabularyFromJson(json);
  return { encodeText: (text: string) => encode(tokenizer, text), emptyId: unknownId };
}

async function trainEach(): Promise<string[]> {
  const { train } = writeSplit(work, await readSplit(flags.data, "sms-spam", 1));
  const lm = join(work, "lm");
  const sizes = ["--layers", "2", "--hidden", "32", "--heads", "2", "--context", "64", "--vocab-size", "1000"];
  await runCommand(["pretrain", train, "--text", "text", ...sizes, "--steps", "20", "--out", lm, "--json"]);
  const folders: string[] = [];
  for (const family of Object.keys(classify.families)) {
    const folder = join(work, family);
    const args = ["train", train, "--text", "text", "--label", "label", "--model", family, "--epochs", "1"];
    if (family === "pretrained") args.push("--base", lm);
    await runCommand([...args, "--seed", "1", "--out", folder, "--json"]);
    folders.push(folder);
  }
  return folders;
}
