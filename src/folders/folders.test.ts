// Facts, checksums, marks and replacement, on folders of a few bytes.
import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../base/errors.js";
import { createRandom } from "../base/random.js";
import { checkOnce, manyBytes, marksName } from "./check-once.js";
import { factsPath, writeFacts } from "./facts-file.js";
import {
  checkFolder,
  checkFolderOut,
  openFolder,
  originOf,
  readFile,
  tellFolder,
  whileChecking,
  writeFolder,
} from "./index.js";

const place = mkdtempSync(join(tmpdir(), "columnist-folders-"));
after(() => rmSync(place, { recursive: true, force: true }));
let count = 0;
const freshPath = () => join(place, `folder-${count++}`);
const data = { source: "a.csv", texts: 1, tokens: 2 };
const facts = { method: "svd", lowercase: true, options: {}, dim: 2, words: 1, data };
const userError = (message: RegExp) => ({ name: "UserError", message });

async function make(path = freshPath(), content = "vectors", origin?: string): Promise<string> {
  const fill = (folder: string) => {
    writeFileSync(join(folder, "vectors.safetensors"), content);
    writeFileSync(join(folder, "vocabulary.json"), "[]");
  };
  await writeFolder(path, "word-vectors", facts, fill, { origin });
  return path;
}

test("facts guard themselves: every byte of them", async () => {
  const path = await make();
  const good = readFileSync(factsPath(path));
  const random = createRandom(4);
  for (let at = 0; at < good.length; at++) {
    const bytes = Buffer.from(good);
    bytes[at] ^= 1 << random.integer(8);
    writeFileSync(factsPath(path), bytes);
    assert.throws(
      () => openFolder(path, "word-vectors"),
      userError(/columnist\.json|earlier version|holds /),
      `byte ${at}`,
    );
  }
  writeFileSync(factsPath(path), good);
  assert.equal(openFolder(path, "word-vectors").facts.dim, 2);
});

test("a file that is cut, changed or missing is named; others are nobody's business", async () => {
  const path = await make();
  writeFileSync(join(path, "notes.txt"), "mine");
  const file = join(path, "vectors.safetensors");
  const folder = openFolder(path, "word-vectors");
  await checkFolder(folder);
  writeFileSync(file, "vectorS");
  await assert.rejects(checkFolder(folder), userError(/vectors\.safetensors is damaged: its checksum/));
  assert.throws(() => readFile(folder, "vectors.safetensors"), userError(/vectors\.safetensors is damaged/));
  const closed: string[] = [];
  const work = async () => ({ name: "made" });
  await assert.rejects(
    whileChecking(folder, work, async ({ name }) => void closed.push(name)),
    userError(/vectors\.safetensors is damaged/),
  );
  assert.deepEqual(closed, ["made"]);
  const failing = async (): Promise<object> => {
    throw new Error("what damage does to a library");
  };
  await assert.rejects(whileChecking(folder, failing), userError(/vectors\.safetensors is damaged/));
  writeFileSync(file, "vec");
  assert.throws(() => openFolder(path, "word-vectors"), userError(/has 3 bytes, not 7/));
  rmSync(file);
  assert.throws(() => openFolder(path, "word-vectors"), userError(/has no vectors\.safetensors/));
});

test("large files are hashed by threads, to the same answer", async () => {
  const path = await make(undefined, "x".repeat(9 << 20));
  const folder = openFolder(path, "word-vectors");
  await checkFolder(folder);
  const file = join(path, "vectors.safetensors");
  const bytes = readFileSync(file);
  bytes[bytes.length - 1] ^= 1;
  writeFileSync(file, bytes);
  await assert.rejects(checkFolder(folder), userError(/vectors\.safetensors is damaged/));
});

test("folders of earlier and later versions, and of other kinds, are told", async () => {
  const path = await make();
  const { checksum: _, ...own } = JSON.parse(readFileSync(factsPath(path), "utf8"));
  writeFacts(path, { ...own, formatVersion: 3 });
  assert.throws(() => openFolder(path, "word-vectors"), userError(/format version 3.*Update columnist/));
  // As the first version wrote them.
  writeFileSync(factsPath(path), JSON.stringify({ ...own, formatVersion: 1, files: undefined }));
  assert.throws(() => openFolder(path, "word-vectors"), userError(/earlier version.*embeddings train, with overwrite/));
  assert.equal(tellFolder(path)?.kind, "word-vectors");
  const layers = freshPath();
  mkdirSync(layers);
  writeFileSync(join(layers, "model.json"), '{"format":"somebody else\'s"}');
  assert.equal(tellFolder(layers), undefined);
  writeFileSync(join(layers, "model.json"), '{ "format": "columnist layers", "version": 1 }');
  assert.throws(() => openFolder(layers, "layer-model"), userError(/earlier version.*model\.save/));
  checkFolderOut(layers, "layer-model", { overwrite: true });
  writeFacts(path, own);
  assert.throws(() => openFolder(path, "text-model"), userError(/contains word vectors, not a text model/));
  assert.throws(() => openFolder(place, "word-vectors"), userError(/columnist\.json is missing/));
});

test("only its own kind replaces a folder, and other work only when asked; what a user put there stays", async () => {
  const [origin, other] = [{ path: "a.csv" }, { path: "b.csv" }].map((source) => originOf(source, { text: ["t"] }));
  const path = await make(undefined, "first", origin);
  writeFileSync(join(path, "notes.txt"), "mine");
  checkFolderOut(path, "word-vectors", { origin, overwrite: false });
  for (const one of [other, undefined]) {
    assert.throws(
      () => checkFolderOut(path, "word-vectors", { origin: one, overwrite: false }),
      userError(/contains word vectors made from a\.csv on \d{4}-\d\d-\d\d at .* without overwrite/),
    );
    checkFolderOut(path, "word-vectors", { origin: one, overwrite: true });
  }
  for (const overwrite of [false, true])
    assert.throws(
      () => checkFolderOut(path, "text-model", { origin, overwrite }),
      userError(/contains word vectors, so it is not replaced by a text model/),
    );
  await assert.rejects(
    writeFolder(
      path,
      "row-index",
      () => ({}) as never,
      () => {},
    ),
    userError(/contains word vectors/),
  );
  await make(path, "second", other);
  assert.equal(readFile(openFolder(path, "word-vectors"), "vectors.safetensors").toString(), "second");
  assert.equal(readFileSync(join(path, "notes.txt"), "utf8"), "mine");
});

test("a rerun is told by source, table, query and columns; standard input by nothing", () => {
  const all = [
    originOf({ path: "a.csv" }, { text: ["t"] }),
    originOf({ path: "b.csv" }, { text: ["t"] }),
    originOf({ path: "a.csv", query: "SELECT 1" }, { text: ["t"] }),
    originOf({ path: "a.csv", table: "x" }, { text: ["t"] }),
    originOf({ path: "a.csv" }, { text: ["u"] }),
    originOf({ path: "a.csv" }, { text: ["t"], label: "l" }),
  ];
  assert.equal(new Set(all).size, all.length);
  assert.equal(originOf({ path: "./x/../a.csv" }, { text: ["t"] }), all[0]);
  assert.equal(originOf({ path: "-" }, { text: ["t"] }), undefined);
});

test("what is checked once is checked again after any change", async () => {
  const path = await make();
  const file = join(path, "vectors.safetensors");
  const folder = openFolder(path, "word-vectors");
  await sleep(30);
  await checkOnce(folder, { from: 0 });
  assert.ok(existsSync(join(path, marksName)));
  const { mtime, atime } = statSync(file);
  writeFileSync(file, "Vectors");
  utimesSync(file, atime, mtime);
  await assert.rejects(checkOnce(folder, { from: 0 }), userError(/vectors\.safetensors is damaged/));
  writeFileSync(file, "vectors");
  await sleep(30);
  await checkOnce(folder, { from: 0 });
  // Marks are believed: with a mark of its own a changed file passes, so a second look takes no time.
  const marks = JSON.parse(readFileSync(join(path, marksName), "utf8"));
  writeFileSync(file, "Vectors");
  const { dev, ino, size, mtimeNs, ctimeNs } = statSync(file, { bigint: true });
  marks.files["vectors.safetensors"].mark = [dev, ino, size, mtimeNs, ctimeNs].join(" ");
  writeFileSync(join(path, marksName), JSON.stringify(marks));
  await checkOnce(folder, { from: 0 });
  await assert.rejects(checkOnce(folder), userError(/damaged/), "a small folder is always checked");
  // Marks of a version that checked less are none, nor are damaged ones.
  writeFileSync(join(path, marksName), JSON.stringify({ ...marks, format: 1 }));
  await assert.rejects(checkOnce(folder, { from: 0 }), userError(/damaged/));
  writeFileSync(join(path, marksName), "{");
  await assert.rejects(checkOnce(folder, { from: 0 }), userError(/damaged/));
});

test("what a reader asks of intact files is asked once too, and a folder that fails is not marked", async () => {
  const path = await make();
  const folder = openFolder(path, "word-vectors");
  await sleep(30);
  let asked = 0;
  const examine = () => {
    asked++;
    if (asked === 1) throw new UserError("vectors.safetensors is not usable.");
  };
  await assert.rejects(checkOnce(folder, { from: 0, examine }), userError(/is not usable/));
  assert.equal(existsSync(join(path, marksName)), false);
  await checkOnce(folder, { from: 0, examine });
  await checkOnce(folder, { from: 0, examine });
  assert.equal(asked, 2);
  writeFileSync(join(path, "vectors.safetensors"), "Vectors");
  await assert.rejects(checkOnce(folder, { from: 0, examine: () => assert.fail("vexed") }), userError(/damaged/));
});

test("a large folder that is read in parts is marked as it is written", async () => {
  const path = freshPath();
  const file = join(path, "vectors.safetensors");
  const fill = (folder: string) => writeFileSync(join(folder, "vectors.safetensors"), Buffer.alloc(manyBytes, 7));
  await writeFolder(path, "word-vectors", facts, fill, { marks: true });
  const marks = readFileSync(join(path, marksName), "utf8");
  await checkOnce(openFolder(path, "word-vectors"));
  assert.equal(readFileSync(join(path, marksName), "utf8"), marks, "it was not hashed again");
  const bytes = readFileSync(file);
  bytes[manyBytes - 1] ^= 1;
  writeFileSync(file, bytes);
  await assert.rejects(checkOnce(openFolder(path, "word-vectors")), userError(/vectors\.safetensors is damaged/));
});

test("many write one folder at a time: the last wins whole, and nothing is left aside", async () => {
  const path = join(place, "together", "folder");
  mkdirSync(join(path, ".."));
  const contents = Array.from({ length: 12 }, (_, i) => String(i).repeat(1000));
  await Promise.all(contents.map((content) => make(path, content)));
  await checkFolder(openFolder(path, "word-vectors"));
  assert.deepEqual(readdirSync(join(path, "..")), ["folder"]);
});
