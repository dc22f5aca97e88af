// A worker thread: does the jobs that it is sent, one after the other.
import { workerData } from "node:worker_threads";
import { serveJobs } from "../../base/worker-pool.js";
import { createJobs } from "./jobs.js";
import type { Job, WorkerSetup } from "./pool.js";

const jobs = createJobs(workerData as WorkerSetup);

serveJobs(({ name, input }: Job) => jobs[name](input as never));
