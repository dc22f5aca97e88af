// What every bench shares: figures and their verdict, the results file, alternating timing, and peers in other processes.
// Knows no model and no data.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { arch, cpus, platform, release, totalmem } from "node:os";

/** One figure: ours beside the peer's, and what is asked of the two. */
export interface Figure {
  name: string;
  ours: number;
  peer?: number;
  unit: string;
  /** ratio: how many times better ours is; difference: ours - peer; value: ours alone. */
  measure: "ratio" | "difference" | "value";
  /** For ratio: whether small numbers win (times) or large ones (rates). */
  better?: "lower" | "higher";
  atLeast?: number;
  atMost?: number;
  /** Anything worth keeping in the results file: single times, spread, settings. */
  details?: Record<string, unknown>;
}

export interface Row extends Figure {
  /** What is compared with the figure asked. */
  measured: number;
  /** Undefined where nothing is asked: the row only informs. */
  reached?: boolean;
}

export interface Bench {
  /** Prints the figure's line and keeps it. */
  figure(figure: Figure): Row;
  /** Prints a line that is no figure. */
  note(text: string): void;
  /** Adds to the versions in the results file. */
  addVersions(versions: Record<string, string>): void;
  /** Prints `reached N of M`, writes the results (unless `keep` is false) and sets the exit code. */
  close(keep?: boolean): void;
}

/**
 * Opens a bench; its results go to bench/results/<name>-<processor>.json.
 *
 * @example
 * const bench = openBench("train");
 * bench.figure({ name: "lstm, 1 thread", ours: 90, peer: 94, unit: "ms", measure: "ratio", better: "lower", atLeast: 1 });
 * bench.close();
 */
export function openBench(name: string): Bench {
  const machine = describeMachine();
  const versions: Record<string, string> = { node: process.versions.node, ...ownVersions() };
  const rows: Row[] = [];
  const notes: string[] = [];
  print(`${name} on ${machine.cpu} (${machine.simd}), ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.os}`);

  function figure(given: Figure): Row {
    const measured = measure(given);
    const asked = given.atLeast !== undefined || given.atMost !== undefined;
    const row: Row = { ...given, measured };
    if (asked) row.reached = measured >= (given.atLeast ?? -Infinity) && measured <= (given.atMost ?? Infinity);
    rows.push(row);
    print(figureLine(row));
    return row;
  }
  function note(text: string): void {
    notes.push(text);
    print(text);
  }
  function close(keep = true): void {
    const counted = rows.filter((row) => row.reached !== undefined);
    const reached = counted.filter((row) => row.reached).length;
    if (keep) {
      const path = `bench/results/${name}-${machine.slug}.json`;
      mkdirSync("bench/results", { recursive: true });
      const document = { bench: name, date: new Date().toISOString(), machine, versions, reached, of: counted.length };
      writeFileSync(path, `${JSON.stringify({ ...document, rows, notes }, undefined, 1)}\n`);
      print(`kept in ${path}`);
    }
    print(`reached ${reached} of ${counted.length}`);
    if (reached < counted.length) process.exitCode = 1;
  }
  return { figure, note, addVersions: (more) => void Object.assign(versions, more), close };
}

function measure({ ours, peer, measure, better }: Figure): number {
  if (measure === "value") return ours;
  if (peer === undefined) throw new Error("a ratio or a difference needs the peer's number");
  if (measure === "difference") return ours - peer;
  return better === "lower" ? peer / ours : ours / peer;
}

/** name | ours | peer | ratio | asked | verdict */
function figureLine(row: Row): string {
  const compared =
    row.measure === "ratio" ? `x${digits(row.measured)}` : row.measure === "difference" ? signed(row.measured) : "";
  const limits = [
    row.atLeast === undefined ? "" : `>= ${row.atLeast}`,
    row.atMost === undefined ? "" : `<= ${row.atMost}`,
  ];
  const asked = limits.filter(Boolean).join(" and ");
  const verdict = row.reached === undefined ? "" : row.reached ? "reached" : "MISSED";
  const peer = row.peer === undefined ? "" : `peer ${digits(row.peer)}`;
  return [
    row.name.padEnd(56),
    `ours ${digits(row.ours)} ${row.unit}`.padEnd(24),
    peer.padEnd(14),
    compared.padEnd(9),
    (asked && `asked ${asked}`).padEnd(16),
    verdict,
  ]
    .join(" ")
    .trimEnd();
}

const digits = (value: number) => (Math.abs(value) >= 1000 ? value.toFixed(0) : value.toPrecision(3));
const signed = (value: number) => `${value >= 0 ? "+" : ""}${digits(value)}`;
const print = (text: string) => void process.stdout.write(`${text}\n`);

export interface Machine {
  cpu: string;
  simd: "AVX-512" | "AVX2" | "other";
  cores: number;
  memoryGb: number;
  os: string;
  /** Names the results file: one for each kind of processor. */
  slug: string;
}

/** The processor by its own words; where these are vague ("AMD EPYC"), with its family and model numbers. */
export function describeMachine(): Machine {
  const list = cpus();
  const info = platform() === "linux" ? readFileSync("/proc/cpuinfo", "utf8") : "";
  const flags = info.match(/^flags\s*:(.*)$/m)?.[1] ?? "";
  const simd = flags.includes(" avx512f") ? "AVX-512" : flags.includes(" avx2") ? "AVX2" : "other";
  let cpu = (list[0]?.model ?? "unknown processor").trim();
  const [family, model] = ["cpu family", "model"].map(
    (key) => info.match(new RegExp(`^${key}\\s*:\\s*(\\d+)$`, "m"))?.[1],
  );
  if (!/\d/.test(cpu) && family) cpu = `${cpu} family ${family} model ${model}`;
  const slug = `${cpu} ${simd}`
    .toLowerCase()
    .replace(/\((r|tm)\)|@.*ghz/g, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  const memoryGb = Math.round(totalmem() / 2 ** 30);
  return { cpu, simd, cores: list.length, memoryGb, os: `${platform()} ${release()} ${arch()}`, slug };
}

/** Versions of what our side computes with. */
function ownVersions(): Record<string, string> {
  const version = (path: string) => JSON.parse(readFileSync(path, "utf8")).version as string;
  const versions: Record<string, string> = {
    columnist: version("package.json"),
    "onnxruntime-node": version("node_modules/onnxruntime-node/package.json"),
  };
  try {
    versions.commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
  } catch {
    // not a checkout: no commit to name
  }
  return versions;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Runs n steps and gives the milliseconds of each. */
export type Side = (steps: number) => number[] | Promise<number[]>;

/** Milliseconds of each of n calls. */
export function timed(run: () => unknown | Promise<unknown>): Side {
  return async (steps) => {
    const times: number[] = [];
    for (let i = 0; i < steps; i++) {
      const start = performance.now();
      await run();
      times.push(performance.now() - start);
    }
    return times;
  };
}

/**
 * Times several sides in one run, in alternating blocks (the order turns round each time), after one block each that does
 * not count. Returns the milliseconds of every step, by side.
 */
export async function alternate<Name extends string>(
  sides: Record<Name, Side>,
  { blocks = 5, steps = 4, warmup = 2 } = {},
): Promise<Record<Name, number[]>> {
  const names = Object.keys(sides) as Name[];
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (const name of names) await sides[name](warmup);
  for (let block = 0; block < blocks; block++) {
    for (const name of block % 2 ? [...names].reverse() : names) {
      await rest();
      times[name].push(...(await sides[name](steps)));
    }
  }
  return times;
}

/** Both sides' threads spin for some milliseconds after their last work; let them fall asleep. */
const rest = () => new Promise((resolve) => setTimeout(resolve, 60));
