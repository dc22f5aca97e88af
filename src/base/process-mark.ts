// Names a process in a file, so that another one can tell whether it is gone. Numbers of processes are used again: what
// tells them apart, Linux knows; elsewhere the number alone counts.
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { z } from "zod";

export const processMarkSchema = z.object({
  pid: z.int().min(1),
  host: z.string(),
  /** Of the system's start. */
  boot: z.string().optional(),
  /** Numbers of processes mean something within it: a container has its own. */
  namespace: z.string().optional(),
  /** When it started, in ticks since the system's start. */
  started: z.string().optional(),
});

export type ProcessMark = z.infer<typeof processMarkSchema>;

/** elsewhere: on another machine or in another container, of which nothing is known. */
export type Fate = "alive" | "gone" | "elsewhere";

export function thisProcess(): ProcessMark {
  return { pid: process.pid, host: hostname(), ...surroundings(), started: statusOf("self")?.started };
}

/**
 * @example
 * fateOf(thisProcess()); // "alive"
 */
export function fateOf({ pid, host, ...mark }: ProcessMark): Fate {
  if (host !== hostname()) return "elsewhere";
  const here = surroundings();
  const differs = (name: keyof typeof here) =>
    mark[name] !== undefined && here[name] !== undefined && mark[name] !== here[name];
  if (differs("boot")) return "gone";
  if (differs("namespace")) return "elsewhere";
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return "gone";
  }
  const status = statusOf(pid);
  if (!status) return "alive";
  if (status.isDead || (mark.started !== undefined && mark.started !== status.started)) return "gone";
  return "alive";
}

function surroundings() {
  return {
    boot: orUndefined(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()),
    namespace: orUndefined(() => readlinkSync("/proc/self/ns/pid")),
  };
}

/** See proc_pid_stat(5): the name in brackets may hold anything; the state comes next, the start is field 22. */
function statusOf(pid: number | "self"): { isDead: boolean; started: string } | undefined {
  return orUndefined(() => {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { isDead: /[ZX]/i.test(fields[0]), started: fields[19] };
  });
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
