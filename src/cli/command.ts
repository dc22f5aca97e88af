// What a command is: its arguments, its options, and what it prints.
import type { z } from "zod";
import type { WorkflowWatch } from "../base/watch.js";

export interface CommandContext {
  watch: WorkflowWatch;
  json: boolean;
}

/** What is printed: the document with --json, otherwise the text. */
export interface CommandAnswer {
  document: object;
  text: string;
}

export interface CommandModule<Schema extends z.ZodObject = z.ZodObject> {
  /** Positional arguments, in commander's notation. */
  arguments: readonly (readonly [name: string, description: string])[];
  schema: Schema;
  /** For the end of the help. */
  example: string;
  /** Undefined when it wrote to stdout itself. */
  run(args: string[], options: z.output<Schema>, context: CommandContext): Promise<CommandAnswer | undefined>;
}

/** Keeps the options' types inside a command while the table holds all of them. */
export function command<Schema extends z.ZodObject>(module: CommandModule<Schema>): CommandModule {
  return module as unknown as CommandModule;
}
