// Runs the built command as a user would: its answer, its time, its peak memory. Knows no command's answer.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

export interface CommandResult {
  code: number;
  stdout: string;
  stderr: string;
  seconds: number;
  /** Largest resident memory, threads included, in MB; 0 where the system doesn't tell. */
  peakMb: number;
}

/**
 * @example
 * const { stdout } = await runCommand(["train", "train.jsonl", "--text", "text", "--label", "label", "--json"]);
 */
export async function runCommand(args: string[], options: { mustSucceed?: boolean } = {}): Promise<CommandResult> {
  const start = performance.now();
  const child = spawn(process.execPath, ["dist/src/cli/main.js", ...args]);
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr = (stderr + text).slice(-100_000);
  });
  let peakMb = 0;
  const watch = setInterval(() => {
    peakMb = Math.max(peakMb, peakMemoryMb(child.pid));
  }, 50);
  const code = await new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => resolve(status ?? 1));
  });
  clearInterval(watch);
  const seconds = (performance.now() - start) / 1000;
  if ((options.mustSucceed ?? true) && code !== 0)
    throw new Error(`columnist ${args.join(" ")} ended with ${code}:\n${stderr.slice(-4000)}`);
  return { code, stdout, stderr, seconds, peakMb };
}

/** Linux keeps the peak itself (VmHWM); it is read as long as the process is there. */
function peakMemoryMb(pid: number | undefined): number {
  try {
    return Number(readFileSync(`/proc/${pid}/status`, "utf8").match(/VmHWM:\s+(\d+)/)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
