// A worker thread: does the jobs that it is sent, one after the other.
import { parentPort, workerData } from "node:worker_threads";
import { createJobs, type Jobs } from "./jobs.js";
import type { Reply, WorkerSetup } from "./pool.js";

const jobs = createJobs(workerData as WorkerSetup);

parentPort!.on("message", ({ name, input }: { name: keyof Jobs; input: never }) => {
  let reply: Reply;
  try {
    reply = { result: jobs[name](input) };
  } catch (error) {
    reply = { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  parentPort!.postMessage(reply);
});
