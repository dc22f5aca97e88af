// A worker thread that gives the SHA-256 of some files.
import { serveJobs } from "../base/worker-pool.js";
import { fileSha256 } from "./file-sha256.js";

serveJobs((paths: readonly string[]) => paths.map(fileSha256));
