import assert from "node:assert/strict";
import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { fileAside, writeFileWhole, writeFolderWhole } from "./atomic.js";
import { filePlaceOf, placeOf } from "./place.js";

const place = mkdtempSync(join(tmpdir(), "columnist-atomic-"));
after(() => rmSync(place, { recursive: true, force: true }));
const at = (name: string) => join(place, name);
const text = (name: string) => readFileSync(at(name), "utf8");
const mode = (name: string) => statSync(at(name)).mode & 0o777;
const posix = process.platform === "win32" ? { skip: "no modes" } : {};
const root = process.geteuid?.() === 0 ? {} : { skip: "only root gives files away" };

test("a file is written in a folder of a fresh name that nobody else can enter", posix, () => {
  const [one, two] = [fileAside(at("answers.csv")), fileAside(at("answers.csv"))];
  assert.notEqual(one.path, two.path);
  assert.equal(statSync(dirname(one.path)).mode & 0o777, 0o700);
  assert.deepEqual(readdirSync(dirname(one.path)), []);
  writeFileSync(one.path, "one");
  writeFileSync(two.path, "two");
  one.put();
  two.put();
  for (const aside of [one, two]) aside.remove();
  assert.equal(text("answers.csv"), "two");
  assert.deepEqual(readdirSync(place), ["answers.csv"]);
});

test("a name of 255 bytes is written too", () => {
  const name = `${"x".repeat(251)}.csv`;
  writeFileWhole(at(name), "a");
  assert.equal(text(name), "a");
  rmSync(at(name));
});

test("a file keeps its rights, and a new one has the usual ones", posix, () => {
  writeFileWhole(at("new"), "a");
  assert.equal(mode("new"), 0o666 & ~process.umask());
  for (const rights of [0o600, 0o640, 0o444, 0o755]) {
    chmodSync(at("new"), rights);
    writeFileWhole(at("new"), "b");
    assert.equal(mode("new"), rights);
  }
  chmodSync(at("new"), 0o4755);
  writeFileWhole(at("new"), "c");
  assert.equal(statSync(at("new")).mode & 0o7777, 0o755, "no program is made that runs as its owner");
});

test("a file keeps its owner", root, () => {
  writeFileWhole(at("theirs"), "a");
  chownSync(at("theirs"), 4321, 1234);
  chmodSync(at("theirs"), 0o640);
  writeFileWhole(at("theirs"), "b");
  const { uid, gid } = statSync(at("theirs"));
  assert.deepEqual([uid, gid, mode("theirs"), text("theirs")], [4321, 1234, 0o640, "b"]);
});

test("a folder and the files in it keep their rights", posix, async () => {
  const fill = (content: string) => (folder: string) => {
    assert.equal(statSync(folder).mode & 0o777, 0o700, "nobody else reads what is not whole");
    writeFileSync(join(folder, "weights"), content);
    mkdirSync(join(folder, "words"));
    writeFileSync(join(folder, "words", "list"), content);
  };
  await writeFolderWhole(at("model"), fill("a"));
  assert.equal(mode("model"), 0o777 & ~process.umask());
  for (const [name, rights] of Object.entries({ model: 0o750, "model/weights": 0o600, "model/words/list": 0o640 }))
    chmodSync(at(name), rights);
  await writeFolderWhole(at("model"), fill("b"));
  assert.deepEqual(["model", "model/weights", "model/words/list", "model/words"].map(mode), [
    0o750,
    0o600,
    0o640,
    0o777 & ~process.umask(),
  ]);
  assert.equal(text("model/words/list"), "b");
});

test("an output that is a link is written where it leads; a link in a folder is replaced", async () => {
  writeFileSync(at("2024.csv"), "old");
  symlinkSync("2024.csv", at("latest.csv"));
  assert.equal(placeOf(at("latest.csv")), at("2024.csv"));
  const aside = fileAside(filePlaceOf(at("latest.csv")));
  writeFileSync(aside.path, "new");
  aside.put();
  aside.remove();
  assert.deepEqual([readlinkSync(at("latest.csv")), text("2024.csv")], ["2024.csv", "new"]);

  writeFileWhole(at("latest.csv"), "mine");
  assert.equal(lstatSync(at("latest.csv")).isSymbolicLink(), false);
  assert.deepEqual([text("latest.csv"), text("2024.csv")], ["mine", "new"]);

  symlinkSync("not/there/yet", at("ahead"));
  await writeFolderWhole(at("ahead"), (folder) => writeFileSync(join(folder, "a"), "a"));
  assert.deepEqual([readlinkSync(at("ahead")), text("not/there/yet/a")], ["not/there/yet", "a"]);

  symlinkSync("round", at("round"));
  assert.throws(() => placeOf(at("round")), { name: "UserError", message: /leads to itself/ });
});

test("no link of another user in a shared folder is followed", root, () => {
  const shared = at("shared");
  mkdirSync(shared);
  chmodSync(shared, 0o1777);
  writeFileSync(at("victim"), "precious");
  symlinkSync(at("victim"), join(shared, "out.csv"));
  assert.equal(placeOf(join(shared, "out.csv")), at("victim"));
  lchownSync(join(shared, "out.csv"), 4321, 4321);
  assert.throws(() => filePlaceOf(join(shared, "out.csv")), { name: "UserError", message: /another user/ });
  chmodSync(shared, 0o755);
  assert.equal(placeOf(join(shared, "out.csv")), at("victim"));
});

test("only files are replaced by files", posix, () => {
  assert.throws(() => filePlaceOf("/dev/null"), { name: "UserError", message: /is a device, and only files/ });
  assert.throws(() => filePlaceOf(place), { name: "UserError", message: /is a folder/ });
  assert.equal(existsSync("/dev/null"), true);
});
