// A worker thread that gives the SHA-256 of some files, once.
import { parentPort, workerData } from "node:worker_threads";
import { fileSha256 } from "./file-sha256.js";

parentPort?.postMessage((workerData as string[]).map(fileSha256));
