#!/usr/bin/env node
// The command. What it costs to start is paid by everyone: nothing heavy is imported here.
import { run } from "./run.js";

process.exitCode = await run(process.argv.slice(2));
