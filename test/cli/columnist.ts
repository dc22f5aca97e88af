// Runs the built command as a user does, and makes small tables for it. Knows no command.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { createRandom } from "../../src/base/random.js";

export interface Answer {
  code: number | null;
  stdout: string;
  stderr: string;
}

const main = resolve("dist/src/cli/main.js");

/**
 * @example
 * const { code, stdout } = columnist(["--version"]);
 */
export function columnist(args: string[], input?: string | Uint8Array, options: { cwd?: string } = {}): Answer {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    ...options,
    env: { ...process.env, NO_COLOR: "1" },
    input,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  return { code: status, stdout, stderr };
}

/** A command line for a shell, where `columnist` is the built command. */
export function shell(line: string, options: { cwd: string; env?: Record<string, string> }): Answer {
  const { status, stdout, stderr } = spawnSync(
    "bash",
    ["-c", `columnist() { "${process.execPath}" "${main}" "$@"; }\n${line}`],
    { ...options, env: { ...process.env, NO_COLOR: "1", ...options.env }, encoding: "utf8", maxBuffer: 1 << 28 },
  );
  return { code: status, stdout, stderr };
}

/** Starts the command; `whenSaid` waits for words on stderr, `ended` for its end. */
export function startColumnist(args: string[], options: { cwd: string; env?: Record<string, string> }) {
  const child: ChildProcess = spawn(process.execPath, [main, ...args], {
    ...options,
    env: { ...process.env, NO_COLOR: "1", ...options.env },
  });
  let [stdout, stderr] = ["", ""];
  child.stdout!.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr!.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Answer>((done) => child.on("close", (code) => done({ code, stdout, stderr })));
  return {
    child,
    ended,
    whenSaid: (words: string) =>
      new Promise<void>((done, fail) => {
        const look = () => {
          if (stderr.includes(words)) done();
        };
        child.stderr!.on("data", look);
        child.on("close", () => fail(new Error(`It ended without saying '${words}':\n${stderr}`)));
        look();
      }),
  };
}

export interface Review {
  id: string;
  title: string;
  body: string;
  mood: string;
}

const words = {
  good: ["great", "superb", "lovely", "wonderful", "charming"],
  bad: ["awful", "dull", "terrible", "boring", "clumsy"],
};
const things = ["film", "book", "meal", "hotel", "concert", "phone"];

/** Reviews whose mood can be told from their words. The ids keep their zeros: they are text. */
export function reviews(count: number, seed = 1): Review[] {
  const random = createRandom(seed);
  const one = (list: readonly string[]) => list[random.integer(list.length)];
  return Array.from({ length: count }, (_, i) => {
    const mood = random.float() < 0.5 ? "good" : "bad";
    const own = words[mood];
    const title = `A ${one(own)} ${one(things)}`;
    const body = `The ${one(things)} was ${one(own)}, and "${one(own)}" is what I said on day ${i}.`;
    return { id: String(i).padStart(4, "0"), title, body, mood };
  });
}

export function writeCsv(path: string, rows: readonly Review[]): string {
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const lines = rows.map(({ id, title, body, mood }) => [id, title, body, mood].map(quoted).join(","));
  writeFileSync(path, `id,title,body,mood\n${lines.join("\n")}\n`);
  return path;
}
