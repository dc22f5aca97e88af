// A peer is a process of Python (or Node, scripts in .mjs) that lives through the whole bench and answers JSON lines (bench/peers/peer.py).
// Knows nothing of what it computes.
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";

export interface Peer {
  /** What the peer said of itself: versions, threads, sizes. */
  hello: Record<string, unknown> & { versions?: Record<string, string> };
  /** One request, one answer; rejects with the peer's own error. */
  ask<Answer>(command: string, fields?: Record<string, unknown>): Promise<Answer>;
  /** Ends the process and waits for it. */
  stop(): Promise<void>;
}

export type Venv = ".venv" | ".venv-keras" | ".venv-bertopic" | ".venv-setfit" | ".venv-cleanlab";

export interface PeerOptions {
  /** The environment under bench/peers/ that bench/peers/setup.sh made. */
  venv?: Venv;
  /** Sets OMP_NUM_THREADS and its kin; the scripts also take --threads. */
  threads?: number;
}

/**
 * Starts bench/peers/<script> and waits until it says that it is ready.
 *
 * @example
 * const peer = await startPeer("train_step.py", ["lstm", "--threads", "1"], { threads: 1 });
 * const { ms } = await peer.ask<{ ms: number[] }>("step", { n: 5, mode: "eager" });
 * await peer.stop();
 */
export async function startPeer(script: string, args: string[], options: PeerOptions = {}): Promise<Peer> {
  const { venv = ".venv", threads } = options;
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: "1" } as Record<string, string>;
  if (threads) for (const name of ["OMP", "MKL", "OPENBLAS"]) env[`${name}_NUM_THREADS`] = String(threads);
  const child = spawn(script.endsWith(".mjs") ? process.execPath : pythonOf(venv), [`bench/peers/${script}`, ...args], {
    env,
  });
  const complaints: string[] = [];
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaints.push(text);
    if (complaints.length > 200) complaints.shift();
  });
  const answers = readAnswers(child, () => `${script} ended:\n${complaints.join("")}`);
  const hello = (await answers.next()) as Peer["hello"];

  async function ask<Answer>(command: string, fields: Record<string, unknown> = {}): Promise<Answer> {
    child.stdin.write(`${JSON.stringify({ cmd: command, ...fields })}\n`);
    const answer = (await answers.next()) as Answer & { error?: string };
    if (answer.error !== undefined) throw new Error(`${script} ${command}: ${answer.error}\n${complaints.join("")}`);
    return answer;
  }
  async function stop(): Promise<void> {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.stdin.end();
    if (child.exitCode === null) await ended;
  }
  return { hello, ask, stop };
}

/** The interpreter of an environment, or an error that says how to make it. */
export function pythonOf(venv: Venv): string {
  const python = `bench/peers/${venv}/bin/python`;
  if (!existsSync(python)) throw new Error(`${python} is not there. Run bench/peers/setup.sh first.`);
  return python;
}

/** Answers in the order of the requests. */
function readAnswers(child: ChildProcessWithoutNullStreams, why: () => string): { next(): Promise<unknown> } {
  const lines: unknown[] = [];
  const waiting: { resolve(value: unknown): void; reject(error: Error): void }[] = [];
  let ended = false;
  createInterface({ input: child.stdout }).on("line", (line) => {
    const answer: unknown = JSON.parse(line);
    const first = waiting.shift();
    if (first) first.resolve(answer);
    else lines.push(answer);
  });
  child.on("close", () => {
    ended = true;
    for (const one of waiting.splice(0)) one.reject(new Error(why()));
  });
  function next(): Promise<unknown> {
    if (lines.length > 0) return Promise.resolve(lines.shift());
    if (ended) return Promise.reject(new Error(why()));
    return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
  }
  return { next };
}
