// A process of its own for an ONNX file of a stranger: it can be ended, whatever the file computes, and its memory and time are bounded.
import { fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { CancelledError, UserError } from "../../base/errors.js";
import type { GraphAnswer, GraphRequest } from "./graph-messages.js";

export interface GraphProcess {
  /** One request at a time. @throws UserError that says what the file did; CancelledError after an abort */
  ask(request: GraphRequest, signal?: AbortSignal): Promise<Exclude<GraphAnswer, { error: string }>>;
  close(): void;
}

/** Beside four times its file. */
const mostMemory = 4 * 2 ** 30;
const mostMilliseconds = 300_000;
const interval = 200;

/**
 * @param file - for messages
 * @param bytes - of the file
 */
export function startGraphProcess(file: string, bytes: number): GraphProcess {
  const child = fork(new URL("./graph-child.js", import.meta.url), {
    serialization: "advanced",
    stdio: "ignore",
    execArgv: [],
  });
  let reason: string | undefined;
  let isOver = false;
  let whenOver: (() => void) | undefined;
  const over = (why: string) => {
    reason ??= why;
    isOver = true;
    clearInterval(watch);
    whenOver?.();
  };
  const end = (why: string) => {
    reason ??= why;
    child.kill("SIGKILL");
  };
  const watch = setInterval(() => {
    if (memoryOf(child.pid) > mostMemory + 4 * bytes) end("needs too much memory");
  }, interval).unref();
  child.on("exit", () => over("ended the process that computes it"));
  // Of one that did not start, or cannot be reached: its exit may never come.
  child.on("error", ({ message }) => {
    if (isOver) return;
    over(`cannot be computed in a process of its own (${message})`);
    child.kill("SIGKILL");
  });
  return {
    ask: (request, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(new CancelledError());
        const failed = (what: string) =>
          new UserError(`${file} ${what}. Use a model with safetensors, or another export of it.`);
        const cancel = () => end("was stopped");
        const timer = setTimeout(
          () => end(`computes for more than ${mostMilliseconds / 1000} seconds`),
          mostMilliseconds,
        );
        const settle = () => {
          clearTimeout(timer);
          signal?.removeEventListener("abort", cancel);
          child.removeListener("message", onMessage);
          whenOver = undefined;
        };
        const onMessage = (answer: GraphAnswer) => {
          settle();
          if ("error" in answer) reject(failed(`cannot be used: ${answer.error}`));
          else resolve(answer);
        };
        whenOver = () => {
          settle();
          reject(signal?.aborted ? new CancelledError() : failed(reason!));
        };
        if (isOver) return whenOver();
        signal?.addEventListener("abort", cancel);
        child.on("message", onMessage);
        // Without a connection its end is on its way.
        if (child.connected) child.send(request);
      }),
    close: () => end("was closed"),
  };
}

/** Resident bytes, where the system tells them. */
function memoryOf(pid: number | undefined): number {
  try {
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return Number(kilobytes ?? 0) * 1024;
  } catch {
    return 0;
  }
}
