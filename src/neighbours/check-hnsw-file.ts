// Whether a file of usearch is what `createNativeIndex` saves. The library maps a file and follows every number in it, so
// that a wrong slot, count or level reads beyond the map and ends the process; here all of them are read before.
//
// The layout, little-endian (usearch 2, index_dense.hpp and index.hpp):
//   u32 rows, u32 bytes of a row; rows × that: the vectors
//   64 bytes: "usearch", u16 × 3 version, u8 metric, u8 scalars, u8 keys, u8 slots, u64 present, u64 deleted, u64 dim, u8 multi
//   u64 × 5: rows, connectivity, connectivity of the base level, highest level, slot where a search enters
//   i16 × rows: levels; then a node each: u64 key, i16 level, and for each of its levels from the base u32 count and as many
//   places for u32 slots as the level's connectivity
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { UserError } from "../base/errors.js";
import { baseConnectivity, connectivity, formatMajor, kinds, shardRows } from "./usearch.js";

const headBytes = 64 + 5 * 8;
const levelBytes = 2;
const nodeHeadBytes = 8 + 2;
const listBytes = (places: number) => 4 + 4 * places;
const baseNodeBytes = nodeHeadBytes + listBytes(baseConnectivity);
/** A level has a sixteenth of the rows of the one below it. */
const mostLevels = 64;
const chunkBytes = 1 << 22;

export interface HnswFileFacts {
  dim: number;
  /** The row of its first node; the others follow. */
  first: number;
}

/**
 * Reads the whole file, in one pass and in bounded memory (all but the vectors: some 160 bytes a row).
 *
 * @returns its number of rows
 * @throws UserError that says what is wrong in it
 * @example
 * const rows = checkHnswFile("index/hnsw-0000.usearch", { dim: 300, first: 0 });
 */
export function checkHnswFile(path: string, facts: HnswFileFacts): number {
  const file = openSync(path, "r");
  try {
    return check(file, facts);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw new UserError(`${path} is damaged: ${error.message}. Copy the whole folder again or build the index again.`);
  } finally {
    closeSync(file);
  }
}

class Fault extends Error {}

function must(holds: boolean, fault: string): asserts holds {
  if (!holds) throw new Fault(fault);
}

function check(file: number, { dim, first }: HnswFileFacts): number {
  const { size } = fstatSync(file);
  must(size >= 8 + headBytes, "it is too short");
  const matrix = read(file, 0, 8);
  const rows = matrix.getUint32(0, true);
  const rowBytes = matrix.getUint32(4, true);
  must(rows > 0 && rows <= shardRows, `it has ${rows} rows, not 1 to ${shardRows}`);
  must(rowBytes === dim * kinds.scalarBytes, `its vectors are not of ${dim} dimensions`);
  const vectorBytes = rows * rowBytes;
  const headAt = 8 + vectorBytes;
  const levelsAt = headAt + headBytes;
  const nodesAt = levelsAt + rows * levelBytes;
  must(size >= nodesAt + rows * baseNodeBytes, `it has ${size} bytes, too few for ${rows} rows`);
  const { entry, highest } = checkHead(read(file, headAt, headBytes), rows, dim);
  const levels = levelsOf(read(file, levelsAt, rows * levelBytes), rows, highest);
  must(levels[entry] === highest, "a search would begin below the highest level");
  const nodeBytes = levels.reduce((bytes, level) => bytes + baseNodeBytes + level * listBytes(connectivity), 0);
  must(size === nodesAt + nodeBytes, `it has ${size} bytes, not the ${nodesAt + nodeBytes} of its levels`);
  checkNodes(read(file, nodesAt, nodeBytes), levels, first);
  checkFinite(file, 8, vectorBytes);
  return rows;
}

function checkHead(head: DataView, rows: number, dim: number): { entry: number; highest: number } {
  const magic = Buffer.from(head.buffer, head.byteOffset, 7).toString("latin1");
  must(magic === "usearch", "it does not begin as an index");
  // Version 2.10 numbered the kinds anew.
  must(
    head.getUint16(7, true) === formatMajor && head.getUint16(9, true) >= 10,
    "it is of another version of its format",
  );
  const found = {
    metric: head.getUint8(13),
    scalar: head.getUint8(14),
    key: head.getUint8(15),
    slot: head.getUint8(16),
  };
  for (const name of ["metric", "scalar", "key", "slot"] as const)
    must(found[name] === kinds[name], `its kind of ${name} is ${found[name]}, not ${kinds[name]}`);
  const number = (at: number) => Number(head.getBigUint64(at, true));
  must(number(17) === rows && number(25) === 0, "its number of rows is contradictory");
  must(number(33) === dim, `its vectors are not of ${dim} dimensions`);
  must(head.getUint8(41) === 0, "it has several vectors for a row");
  must(number(64) === rows, "its number of rows is contradictory");
  must(number(72) === connectivity && number(80) === baseConnectivity, "its connectivity is not that of an index");
  const [highest, entry] = [number(88), number(96)];
  must(highest <= mostLevels, `it has ${highest} levels, more than ${mostLevels}`);
  must(entry < rows, "a search would begin beyond its rows");
  return { entry, highest };
}

/** By slot. */
function levelsOf(table: DataView, rows: number, highest: number): Int16Array {
  const levels = Int16Array.from({ length: rows }, (_, slot) => table.getInt16(slot * levelBytes, true));
  const wrong = levels.findIndex((level) => level < 0 || level > highest);
  must(wrong < 0, `row ${wrong} is on level ${levels[wrong]} of ${highest}`);
  return levels;
}

function checkNodes(nodes: DataView, levels: Int16Array, first: number): void {
  const rows = levels.length;
  let at = 0;
  for (let slot = 0; slot < rows; slot++) {
    const key = nodes.getUint32(at, true) + 2 ** 32 * nodes.getUint32(at + 4, true);
    must(key === first + slot, `row ${first + slot} has the number ${key}`);
    must(nodes.getInt16(at + 8, true) === levels[slot], `row ${slot} is on two levels`);
    at += nodeHeadBytes;
    for (let level = 0; level <= levels[slot]; level++) {
      const places = level === 0 ? baseConnectivity : connectivity;
      const count = nodes.getUint32(at, true);
      must(count <= places, `row ${slot} has ${count} neighbours on level ${level}, more than ${places}`);
      for (let i = 0; i < count; i++) {
        const other = nodes.getUint32(at + 4 + 4 * i, true);
        // A search goes on along the list that the neighbour has on the same level.
        must(other < rows && levels[other] >= level, `row ${slot} has a neighbour that is not on level ${level}`);
      }
      at += listBytes(places);
    }
  }
}

/** 16-bit floats, two at a time: adding 1 to an exponent of ones (infinity, NaN) carries into the sign's place. */
function checkFinite(file: number, start: number, bytes: number): void {
  const buffer = new Uint32Array(Math.min(chunkBytes, bytes + 3) >> 2);
  for (let at = 0; at < bytes; at += chunkBytes) {
    const length = Math.min(chunkBytes, bytes - at);
    buffer[(length - 1) >> 2] = 0;
    readExactly(file, new Uint8Array(buffer.buffer, 0, length), start + at);
    const end = (length + 3) >> 2;
    let carries = 0;
    for (let i = 0; i < end; i++) carries |= ((buffer[i] & 0x7c007c00) + 0x04000400) | 0;
    must((carries & 0x80008000) === 0, "a vector has a value that is not a finite number");
  }
}

function read(file: number, at: number, bytes: number): DataView {
  const buffer = new Uint8Array(bytes);
  readExactly(file, buffer, at);
  return new DataView(buffer.buffer);
}

function readExactly(file: number, into: Uint8Array, at: number): void {
  for (let done = 0; done < into.length; ) {
    const got = readSync(file, into, done, into.length - done, at + done);
    must(got > 0, "it ends too early");
    done += got;
  }
}
