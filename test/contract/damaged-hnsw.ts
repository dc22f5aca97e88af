// A process of its own, since a file that is followed blindly ends it: node damaged-hnsw.js <index> <how many>. The files
// of the index's HNSW are damaged where numbers are followed (not in checksums, which are made to fit), and searched.
// Prints how many were refused, answered and failed otherwise.
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openFolder } from "../../src/folders/index.js";
import { checkHnswFiles, openHnswFiles } from "../../src/neighbours/index.js";
import { searchRows } from "../../src/workflows/search/run.js";
import { changeFacts, createRandom, type Random } from "../folders.js";

const [index, times] = [process.argv[2], Number(process.argv[3])];
const place = mkdtempSync(join(tmpdir(), "columnist-hnsw-"));
const folder = join(place, "index");
cpSync(index, folder, { recursive: true });
const { facts } = openFolder(folder, "row-index");
const { dim, rows, shards } = facts;
const names = shards.map((_, shard) => `hnsw-${String(shard).padStart(4, "0")}.usearch`);
const whole = names.map((name) => readFileSync(join(folder, name)));
const random = createRandom(11);
const told = { refused: 0, answered: 0, others: [] as string[] };

function hurt(bytes: Buffer, random: Random): Buffer {
  const copy = Buffer.from(bytes);
  const headAt = 8 + bytes.readUInt32LE(0) * bytes.readUInt32LE(4);
  const graphAt = headAt + 64 + 40;
  const within = (start: number, end: number) => start + random.integer(end - start);
  const wild = () => [0, 1, rows, rows + 1, 33, 0x7fff, 0xffff, 0x7fffffff, 0xffffffff, 0x80000000][random.integer(10)];
  const kinds: (() => Buffer)[] = [
    () => Buffer.concat([copy, Buffer.alloc(1 + random.integer(200))]),
    () => copy.subarray(0, within(0, copy.length)),
    () => change(() => copy.writeUInt32LE(wild(), 4 * random.integer(2))),
    () => change(() => flip(random.integer(8))),
    () => change(() => flip(within(headAt, graphAt))),
    () => change(() => copy.writeUInt32LE(wild(), headAt + 64 + 4 * random.integer(10))),
    () =>
      change(() =>
        copy.writeBigUInt64LE(BigInt(wild()) << BigInt(random.integer(33)), headAt + 64 + 8 * random.integer(5)),
      ),
    () => change(() => flip(within(graphAt, copy.length))),
    () => change(() => copy.writeUInt32LE(wild(), within(graphAt, copy.length - 4))),
    () =>
      change(() => copy.writeInt16LE(random.integer(0x10000) - 0x8000, graphAt + 2 * random.integer(shardRows(copy)))),
    () => change(() => copy.writeUInt16LE(0x7c00 + random.integer(0x400), 8 + 2 * random.integer((headAt - 8) / 2))),
  ];
  return kinds[random.integer(kinds.length)]();

  function flip(at: number): void {
    copy[at] ^= 1 << random.integer(8);
  }
  function change(work: () => void): Buffer {
    work();
    return copy;
  }
}

const shardRows = (bytes: Buffer) => Math.max(1, Math.min(0xffff, bytes.readUInt32LE(0)));
const questions = Array.from({ length: 8 }, (_, q) =>
  Float32Array.from({ length: dim }, (_, d) => Math.cos(q * d + q)),
);

for (let i = 0; i < times; i++) {
  const shard = random.integer(names.length);
  const bytes = hurt(whole[shard], random);
  const sizes = shards.map((size, other) => (other === shard ? bytes.length : size));
  writeFileSync(join(folder, names[shard]), bytes);
  try {
    if (i % 25 === 0) {
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      changeFacts(folder, {
        shards: sizes,
        files: { ...facts.files, [names[shard]]: { bytes: bytes.length, sha256 } },
      });
      await searchRows(folder, "great film", { threads: 1, top: 5 });
    } else {
      checkHnswFiles(folder, dim, rows, sizes);
      const files = openHnswFiles(folder, dim, sizes);
      for (const question of questions) files.search(question, rows);
    }
    told.answered++;
  } catch (error) {
    if ((error as Error).name === "UserError") told.refused++;
    else told.others.push(String((error as Error).stack));
  }
  writeFileSync(join(folder, names[shard]), whole[shard]);
}
rmSync(place, { recursive: true, force: true });
console.log(JSON.stringify(told));
