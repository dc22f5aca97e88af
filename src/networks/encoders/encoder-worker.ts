// A worker thread of an encoder.
import { workerData } from "node:worker_threads";
import { serveJobs } from "../../base/worker-pool.js";
import { type EncoderJob, type EncoderJobsData, encoderJobs, type TextIds } from "./encoder-jobs.js";

const jobs = encoderJobs(workerData as EncoderJobsData);

serveJobs<EncoderJob, TextIds | Float32Array>(
  (job) => ("texts" in job ? jobs.tokenize(job.texts) : jobs.vectors(job.batch)),
  (output) => (output instanceof Float32Array ? [output.buffer as ArrayBuffer] : [output.ids.buffer as ArrayBuffer]),
  () => jobs.close(),
);
