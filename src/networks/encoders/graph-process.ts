// A process of its own for an ONNX file of a stranger: it can be ended, whatever the file computes, and its memory and time are bounded.
import { fork } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
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
  const end = (why: string) => {
    reason ??= why;
    child.kill("SIGKILL");
  };
  const watch = setInterval(() => {
    if (memoryOf(child.pid) > mostMemory + 4 * bytes) end("needs too much memory");
  }, interval).unref();
  child.on("exit", () => clearInterval(watch));
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
        const settle = (done: () => void) => {
          clearTimeout(timer);
          signal?.removeEventListener("abort", cancel);
          child.removeListener("message", onMessage);
          child.removeListener("exit", onExit);
          done();
        };
        const onMessage = (answer: GraphAnswer) =>
          settle(() => ("error" in answer ? reject(failed(`cannot be used: ${answer.error}`)) : resolve(answer)));
        const onExit = () =>
          settle(() =>
            reject(signal?.aborted ? new CancelledError() : failed(reason ?? "ended the process that computes it")),
          );
        if (child.exitCode !== null || child.signalCode !== null) return settle(onExit);
        signal?.addEventListener("abort", cancel);
        child.on("message", onMessage);
        child.on("exit", onExit);
        child.send(request);
      }),
    close: () => end("was closed"),
  };
}

/** Resident bytes, where the system tells them. */
function memoryOf(pid: number | undefined): number {
  const path = `/proc/${pid}/statm`;
  if (!existsSync(path)) return 0;
  try {
    return Number(readFileSync(path, "utf8").split(" ")[1]) * 4096;
  } catch {
    return 0;
  }
}
