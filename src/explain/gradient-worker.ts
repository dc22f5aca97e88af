// A worker thread of integrated gradients.
import { serveJobs } from "../base/worker-pool.js";
import { type GradientJob, type GradientResult, gradientJobs } from "./gradient-jobs.js";

const jobs = gradientJobs();

serveJobs<GradientJob, GradientResult>(
  (job) => jobs.run(job),
  () => [],
  () => jobs.close(),
);
