// A process of its own for damaged folders: it says what becomes of each, so that its end tells a crash.
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { createRandom, type Random } from "../../src/base/random.js";
import { factsName, sealOf } from "../../src/folders/facts-file.js";
import { sealAgain } from "../folders.js";
import { type Damage, damage } from "./damage.js";
import { isWellFormed, subjects } from "./subjects.js";

export interface Case {
  subject: string;
  seed: number;
  kind: Damage;
  /** Checksums are made to fit. */
  isSealed: boolean;
}

export interface Outcome {
  file: string;
  /** same: the answer of the whole folder. fault: an error that is none of the user's. */
  result: "same" | "other" | "refused" | "malformed" | "fault";
  message?: string;
  cpuSeconds: number;
  /** Of the process, so far. */
  megabytes: number;
}

const place = process.argv[2];
const answers = new Map<string, string>();

process.on("message", async (one: Case) => process.send!(await outcomeOf(one)));

async function outcomeOf({ subject: name, seed, kind, isSealed }: Case): Promise<Outcome> {
  const subject = subjects[name];
  const folder = mkdtempSync(join(place, "case-"));
  let whole = answers.get(name);
  if (whole === undefined) {
    cpSync(join(place, name), folder, { recursive: true });
    whole = JSON.stringify(await subject.answer(folder, place));
    answers.set(name, whole);
    rmSync(folder, { recursive: true });
  }
  cpSync(join(place, name), folder, { recursive: true });
  const random = createRandom(seed);
  const files = filesOf(folder);
  const file = pickFile(files, kind, random);
  hurt(name, folder, file, isSealed, (bytes) => damage(file, bytes, kind, random));
  const before = process.cpuUsage();
  const { result, message } = await tried(() => subject.answer(folder, place), whole);
  rmSync(folder, { recursive: true, force: true });
  const { user, system } = process.cpuUsage(before);
  const megabytes = process.resourceUsage().maxRSS / 1024;
  return { file, result, message, cpuSeconds: (user + system) / 1e6, megabytes };
}

/** Where damage of a kind can be done; half of the lies stand in the facts. */
function pickFile(files: readonly string[], kind: Damage, random: Random): string {
  const pattern = { number: /\.(json|safetensors|bin|txt|vec)$/, float: /\.safetensors$/ }[kind as string] ?? /./;
  const fitting = files.filter((file) => pattern.test(file));
  const facts = fitting.filter((file) => basename(file) === factsName);
  const list = kind === "number" && facts.length > 0 && random.float() < 0.5 ? facts : fitting;
  return list.length > 0 ? list[random.integer(list.length)] : files[random.integer(files.length)];
}

async function tried(answer: () => Promise<unknown>, whole: string): Promise<Pick<Outcome, "result" | "message">> {
  try {
    const given = await answer();
    if (!isWellFormed(given)) return { result: "malformed", message: JSON.stringify(given).slice(0, 300) };
    return { result: JSON.stringify(given) === whole ? "same" : "other" };
  } catch (error) {
    const { name, message, stack } = error as Error;
    return name === "UserError" ? { result: "refused", message } : { result: "fault", message: stack ?? message };
  }
}

function hurt(
  subject: string,
  folder: string,
  file: string,
  isSealed: boolean,
  change: (bytes: Buffer) => Buffer,
): void {
  const path = join(folder, file);
  const bytes = readFileSync(path);
  if (!isSealed || subjects[subject].isForeign) {
    writeFileSync(path, change(bytes));
    return;
  }
  if (basename(file) === factsName) {
    const body = change(bytes.subarray(0, bytes.lastIndexOf(',\n  "checksum": "')));
    writeFileSync(path, Buffer.concat([body, Buffer.from(sealOf(body))]));
    if (dirname(file) !== "." && existsSync(join(folder, factsName))) sealAgain(folder, [dirname(file)]);
    return;
  }
  if (!file.startsWith("run/")) {
    writeFileSync(path, change(bytes));
    sealAgain(folder);
    return;
  }
  // Of a run: notes that guard the tensors, or what was prepared, beside them.
  const prepared = join(dirname(path), "prepared.json");
  const isPrepared = /(prepared\.json|tokenizer\.json|\.tokens)$/.test(file);
  const note = isPrepared ? prepared : path.replace(/\.safetensors$/, ".json");
  const { note: text } = JSON.parse(readFileSync(note, "utf8")) as { note: string };
  const changed = note === path ? change(Buffer.from(text)).toString() : text;
  if (note !== path) writeFileSync(path, change(bytes));
  const guarded = isPrepared
    ? ["tokenizer.json", "training.tokens", "validation.tokens"].map((name) => join(dirname(path), name))
    : [note.replace(/\.json$/, ".safetensors")];
  const hash = createHash("sha256");
  for (const one of guarded) hash.update(readFileSync(one));
  writeFileSync(note, JSON.stringify({ note: changed, sha256: hash.update(changed).digest("hex") }));
}

function filesOf(folder: string, way = ""): string[] {
  return readdirSync(join(folder, way))
    .sort()
    .flatMap((name) => {
      const file = way === "" ? name : `${way}/${name}`;
      return statSync(join(folder, file)).isDirectory() ? filesOf(folder, file) : [file];
    });
}
