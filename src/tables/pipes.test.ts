// Tables that come through pipes: read once, kept aside, and a wait that can be ended.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";
import { CancelledError, UserError } from "../base/errors.js";
import { readTexts } from "./read-rows.js";
import { openTable } from "./source.js";

const folder = mkdtempSync(join(tmpdir(), "columnist-pipes-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const skip = process.platform === "win32" && "it has no named pipes";

function pipe(name: string): string {
  assert.equal(spawnSync("mkfifo", [join(folder, name)]).status, 0);
  return join(folder, name);
}

async function textsOf(path: string, options = {}) {
  const table = await openTable({ path }, options);
  try {
    return await readTexts(table, ["text"]);
  } finally {
    table.close();
  }
}

test("a named pipe is read like standard input, in every format", { skip }, async () => {
  const cases: [name: string, data: string | Uint8Array][] = [
    ["a.csv", "text\na\nb\n"],
    ["b", "text\na\nb\n"],
    ["c.tsv", "text\tn\na\t1\nb\t2\n"],
    ["d.jsonl", '{"text":"a"}\n{"text":"b"}\n'],
    ["e", '[{"text":"a"},{"text":"b"}]'],
    ["f.csv.gz", gzipSync("text\na\nb\n")],
  ];
  for (const [name, data] of cases) {
    const path = pipe(name);
    const source = join(folder, "source");
    writeFileSync(source, data);
    const writer = spawn("sh", ["-c", 'cat "$0" > "$1"', source, path]);
    assert.deepEqual(await textsOf(path), ["a", "b"], name);
    writer.kill();
  }
});

test("the wait for a pipe without a writer, or for standard input, can be ended", { skip }, async () => {
  const path = pipe("silent.csv");
  for (const [name, options] of [
    [path, {}],
    ["-", { stdin: new PassThrough() }],
  ] as const) {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 50);
    await assert.rejects(openTable({ path: name }, { ...options, signal: controller.signal }), CancelledError);
  }
});

test("an empty pipe, a second table from standard input, sockets and devices are refused", { skip }, async () => {
  const refused = (work: Promise<unknown>, said: RegExp) =>
    assert.rejects(work, (error: Error) => error instanceof UserError && said.test(error.message));
  const path = pipe("empty.csv");
  spawn("sh", ["-c", ': > "$0"', path]);
  await refused(textsOf(path), /empty\.csv is empty/);
  const stdin = Readable.from(["text\na\n"]);
  assert.deepEqual(await textsOf("-", { stdin }), ["a"]);
  await refused(textsOf("/dev/stdin", { stdin }), /can be read only once/);
  const server = createServer().listen(join(folder, "socket.csv"));
  await refused(textsOf(join(folder, "socket.csv")), /is a socket, not a file/);
  server.close();
  await refused(textsOf("/dev/null"), /is a device, not a file/);
  pipe("among-1.csv");
  writeFileSync(join(folder, "among-2.csv"), "text\na\n");
  assert.deepEqual(await textsOf(join(folder, "among-*.csv")), ["a"]);
});

test("what a pipe brought goes when the table closes", { skip }, async () => {
  const usual = process.env.TMPDIR;
  process.env.TMPDIR = mkdtempSync(join(folder, "spool-"));
  try {
    await textsOf("-", { stdin: Readable.from(["text\na\n"]) });
    assert.deepEqual(readdirSync(process.env.TMPDIR), []);
    process.env.TMPDIR = join(folder, "nowhere");
    await assert.rejects(openTable({ path: "-" }), /temporary folder '.*nowhere' does not exist\. Set TMPDIR/);
  } finally {
    if (usual === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = usual;
  }
});
