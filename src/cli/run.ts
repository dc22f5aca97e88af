// One run of the command: parse, call one command, print, and end with the right code.
import { Command, CommanderError } from "commander";
import { CancelledError, UserError } from "../base/errors.js";
import { packageVersion } from "../base/package-version.js";
import type { CommandModule } from "./command.js";
import { commands, groups } from "./commands.js";
import { flagOf } from "./flag-of.js";
import { startProgress } from "./progress.js";
import { listenForStop } from "./stop.js";
import { say, tell, writeData } from "./terminal.js";

/** Done. */
const done = 0;
/** A fault of the program, or stopped by hand. */
const failed = 1;
/** The input or the flags are wrong. */
const wrongInput = 2;

/** @returns the exit code */
export async function run(args: string[]): Promise<number> {
  const json = args.includes("--json");
  process.stdout.on("error", endWithoutReader);
  // Progress that cannot be written (a full disk, a closed terminal) is no reason to lose the work.
  process.stderr.on("error", () => {});
  try {
    const program = await buildProgram(args);
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync(args, { from: "user" });
    return done;
  } catch (error) {
    return report(error, json, args);
  }
}

async function buildProgram(args: string[]): Promise<Command> {
  const program = new Command("columnist")
    .description("Language models for the text columns of your tables, on your own machine.")
    .version(packageVersion(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help for a command");
  prepare(program);
  program.addHelpText("after", "\nOptions of a command: columnist train --help");
  const start = args.findIndex((arg) => Object.hasOwn(commands, arg) || Object.hasOwn(groups, arg));
  const named = Object.hasOwn(groups, args[start]) ? args.slice(start, start + 2).join(" ") : args[start];
  for (const [name, { summary, load }] of Object.entries(commands)) {
    const [first, second] = name.split(" ");
    const parent = second === undefined ? program : groupOf(program, first);
    const command = parent
      .command(second ?? first)
      .description(summary)
      .helpOption("-h, --help", "print this help");
    prepare(command);
    if (name === named) await fill(command, name, await load());
  }
  return program;
}

/** The command that holds others, made when the first of them comes. */
function groupOf(program: Command, name: string): Command {
  const made = program.commands.find((command) => command.name() === name);
  if (made) return made;
  const group = program.command(name).description(groups[name]).helpOption("-h, --help", "print this help");
  prepare(group.helpCommand(false));
  return group;
}

async function fill(command: Command, name: string, module: CommandModule): Promise<void> {
  const { addFlags, readFlags } = await import("./flags.js");
  for (const [argument, description] of module.arguments) command.argument(argument, description);
  addFlags(command, module.schema);
  command.option("--json", "print one JSON document; messages go to stderr");
  command.addHelpText("after", `\nExample:\n${module.example.replace(/^/gm, "  ")}`);
  command.action(async () => {
    const typed = command.opts();
    const options = readFlags(module.schema, typed, name);
    const json = typed.json === true;
    const progress = await startProgress();
    const stop = listenForStop(progress.message);
    try {
      const watch = {
        onProgress: progress.step,
        onMessage: progress.message,
        signal: stop.signal,
        spellOption: flagOf,
      };
      const answer = await module.run(command.processedArgs as string[], options, { watch, json });
      progress.end();
      if (answer && json) await writeData(`${JSON.stringify(answer.document, null, 2)}\n`);
      else if (answer) await tell(answer.text.endsWith("\n") ? answer.text : `${answer.text}\n`);
    } finally {
      progress.end();
      stop.close();
    }
  });
}

/** Errors are thrown, not printed; help is at most 80 columns wide. */
function prepare(command: Command): void {
  command
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .configureHelp({ helpWidth: Math.min(80, process.stdout.columns ?? 80) })
    .allowExcessArguments(false);
}

function report(error: unknown, json: boolean, args: string[]): number {
  if (error instanceof CommanderError && error.exitCode === 0) return done;
  const { code, kind, message } = explain(error, args);
  say(`columnist: ${message}`);
  if (process.env.COLUMNIST_DEBUG === "1" && error instanceof Error) say(stacksOf(error));
  if (json) void writeData(`${JSON.stringify({ error: { kind, message } }, null, 2)}\n`);
  return code;
}

function explain(error: unknown, args: string[]): { code: number; kind: string; message: string } {
  if (error instanceof UserError) return { code: wrongInput, kind: "input", message: error.spelled(flagOf) };
  if (error instanceof CommanderError) {
    const message = error.message
      .replace(/^error: /, "")
      .replace(/\s*\n\s*/g, " ")
      .replace(/\.$/, "");
    const help = [...args.filter((arg) => Object.hasOwn(commands, arg)).slice(0, 1), "--help"].join(" ");
    return { code: wrongInput, kind: "input", message: `${message}. Try: columnist ${help}` };
  }
  if (error instanceof CancelledError) return { code: failed, kind: "stopped", message: error.spelled(flagOf) };
  const [line] = String(error instanceof Error ? error.message : error).split("\n");
  const hint = process.env.COLUMNIST_DEBUG === "1" ? "" : " (COLUMNIST_DEBUG=1 shows where)";
  return { code: failed, kind: "fault", message: `something went wrong: ${line}${hint}` };
}

function stacksOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${stacksOf(error.cause)}` : "";
  return `${error.stack}${cause}`;
}

/** The reader of our output went away, as `head` does, or its disk is full. */
function endWithoutReader(error: NodeJS.ErrnoException): void {
  if (error.code === "EPIPE") process.exit(done);
  const isFull = error.code === "ENOSPC";
  const reason = isFull ? "the disk is full. Free some space, or write to another disk" : error.message;
  say(`columnist: standard output could not be written: ${reason}.`);
  process.exit(isFull ? wrongInput : failed);
}
