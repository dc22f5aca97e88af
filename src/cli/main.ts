#!/usr/bin/env node
// The command. What it costs to start is paid by everyone: nothing heavy is imported here.
import { typedArguments } from "./arguments.js"; // first: see there
import { run } from "./run.js";

process.exitCode = await run([...typedArguments]);
