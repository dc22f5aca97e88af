// What surrounds a run: signals, the temporary folder, a stderr that nobody reads, pipes, colours.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createWriteStream, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { reviews, shell, startColumnist, writeCsv } from "./columnist.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-cli-surroundings-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const here = { cwd: folder };
const flags = "--text body --label mood --model linear";
const skip = process.platform === "win32" && "it has no such signals and pipes";

before(() => {
  writeCsv(join(folder, "reviews.csv"), reviews(120));
  const { code, stderr } = shell(`columnist train reviews.csv ${flags} --out model`, here);
  assert.equal(code, 0, stderr);
});

/** A temporary folder of its own, to see what is left in it. */
function ownTemporary(name: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  return path;
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 20));
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  test(`${signal} ends the wait for a pipe, and the rows that came go`, { skip, timeout: 60_000 }, async () => {
    const temporary = ownTemporary(`tmp-${signal}`);
    const pipe = join(folder, `${signal}.csv`);
    assert.equal(spawnSync("mkfifo", [pipe]).status, 0);
    const run = startColumnist(["predict", "model", pipe, "--out", "answers.csv"], {
      ...here,
      env: { TMPDIR: temporary },
    });
    const writer = createWriteStream(pipe);
    writer.write("body\nsecret words of a customer\n");
    const files = () => readdirSync(temporary, { recursive: true });
    await until(() => files().some((name) => String(name).endsWith("input")));
    run.child.kill(signal);
    const { code, stderr } = await run.ended;
    writer.destroy();
    assert.equal(code, 1, stderr);
    assert.match(stderr, /Stopped before the end of .*\.csv/);
    assert.deepEqual(files(), []);
    assert.ok(!existsSync(join(folder, "answers.csv")));
  });

test("a second signal ends at once, and the temporary files go all the same", { skip, timeout: 60_000 }, async () => {
  const temporary = ownTemporary("tmp-twice");
  const args = ["train", "reviews.csv", "--text", "body", "--label", "mood", "--model", "cnn", "--epochs", "5000"];
  const run = startColumnist([...args, "--out", "long"], { ...here, env: { TMPDIR: temporary } });
  await run.whenSaid("cnn …");
  run.child.kill("SIGHUP");
  run.child.kill("SIGTERM");
  const { stderr } = await run.ended;
  assert.match(String(run.child.signalCode), /^SIG(HUP|TERM)$/, stderr);
  assert.deepEqual(readdirSync(temporary), []);
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.includes("partial")),
    [],
  );
});

test("tables come through pipes, process substitution and open files", { skip }, () => {
  const rows = (line: string) => {
    const { code, stdout, stderr } = shell(line, here);
    assert.equal(code, 0, `${line}\n${stderr}`);
    return Number(/^(\d+) rows? written/m.exec(stdout)?.[1]);
  };
  assert.equal(rows("columnist predict model <(head -3 reviews.csv) --out a.csv"), 2);
  assert.equal(rows("mkfifo p.csv; cat reviews.csv > p.csv & columnist predict model p.csv --out a.csv"), 120);
  assert.equal(rows("cat reviews.csv | columnist predict model /dev/stdin --out a.csv"), 120);
  assert.equal(rows("columnist predict model /dev/fd/3 --out a.csv 3< reviews.csv"), 120);
  const test = shell(`columnist train reviews.csv ${flags} --test <(head -3 reviews.csv) --out tested --json`, here);
  assert.equal(JSON.parse(test.stdout).rows.heldOut, 2, test.stderr);
});

test("files that are read whole are no pipes, folders or UTF-16", { skip, timeout: 60_000 }, () => {
  assert.equal(spawnSync("mkfifo", [join(folder, "pipe")]).status, 0);
  writeFileSync(join(folder, "wide.json"), "\ufeff{}", "utf16le");
  for (const [line, said] of [
    ["columnist tokenize pipe reviews.csv --text body", "'pipe' is a named pipe, not a tokenizer.json"],
    ["columnist similar pipe word", "'pipe' is a named pipe, not a file of word vectors"],
    ["columnist pretrain reviews.csv --text body --tokenizer pipe --out lm", "is a named pipe, not a tokenizer.json"],
    ["columnist embeddings evaluate v --similarity pipe", "'pipe' is a named pipe, not a file of word pairs"],
    ["columnist embeddings evaluate v --analogies model", "'model' is a folder, not a file of analogies"],
    ["columnist tokenize wide.json reviews.csv --text body", "wide.json is not UTF-8 text, but UTF-16"],
  ]) {
    const { code, stderr } = shell(line, here);
    assert.equal(code, 2, `${line}\n${stderr}`);
    assert.ok(stderr.includes(said), stderr);
  }
});

test("training is not lost where its progress cannot be written", { skip }, () => {
  for (const [where, out] of [
    ["2>/dev/full", "full"],
    ["2>&-", "closed"],
    ["2> >(exec true)", "gone"],
  ]) {
    if (!existsSync("/dev/full") && where.includes("full")) continue;
    const { code, stdout } = shell(`columnist train reviews.csv ${flags} --out ${out} ${where}`, here);
    assert.equal(code, 0, where);
    assert.match(stdout, /Written: /);
    assert.ok(existsSync(join(folder, out, "columnist.json")), where);
  }
});

test("a temporary folder that cannot be used is named", { skip }, () => {
  const faults: [string, RegExp][] = [
    [join(folder, "nowhere"), /folder '.*nowhere' does not exist\. Set TMPDIR to a folder/],
    [join(folder, "reviews.csv"), /folder '.*reviews\.csv' is not a folder\. Set TMPDIR/],
  ];
  if (process.getuid?.() !== 0) faults.push(["/", /folder '\/' is not writable\. Set TMPDIR/]);
  for (const [path, said] of faults)
    for (const command of ["predict model reviews.csv", "embeddings train reviews.csv --text body --out v"]) {
      const { code, stderr } = shell(`columnist ${command}`, { ...here, env: { TMPDIR: path } });
      assert.equal(code, 2, stderr);
      assert.match(stderr, said);
    }
});

test("pipes and files get no colour codes, whatever an option is called", () => {
  const line = "columnist topics reviews.csv --text body --topics 2 --color mood --out topics.csv";
  const plain = { ...here, env: { NO_COLOR: "", FORCE_COLOR: "", CI: "1" } };
  assert.ok(!shell(line, plain).stdout.includes("\x1b"));
  const evaluate = "columnist evaluate model reviews.csv";
  assert.ok(shell(evaluate, { ...here, env: { NO_COLOR: "", FORCE_COLOR: "1" } }).stdout.includes("\x1b"));
  assert.ok(!shell(evaluate, { ...here, env: { NO_COLOR: "1", FORCE_COLOR: "1" } }).stdout.includes("\x1b"));
  const json = shell(`${evaluate} --json`, { ...here, env: { NO_COLOR: "", FORCE_COLOR: "1" } });
  assert.equal(JSON.parse(json.stdout).labelColumn, "mood", json.stderr);
});
