// All that the command writes to stdout and stderr. Text for people (messages, tables, progress) never has control characters
// of the data, wherever it goes: logs end up on terminals too. Data for programs (rows, JSON documents, generated text) keeps
// its bytes in pipes and files, and is shown like text where stdout is a terminal.

import { Writable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { wantsColors, withCodes } from "./colors.js";

/** C0 but tab and line feed, DEL, C1, and what turns the direction of writing. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is made visible
const hidden = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Control characters as JSON writes them: in a document of JSON they then stand for the same.
 *
 * @example
 * visible("\x1b[2J"); // "\\u001b[2J"
 */
export function visible(text: string): string {
  return text.replace(hidden, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Text for people, with our own colours where the stream wants them. */
export function forPeople(text: string, stream: { isTTY?: boolean }): string {
  return withCodes(text, wantsColors(process.env, stream.isTTY === true), visible);
}

/** A line or more to stderr. */
export function say(text: string): void {
  process.stderr.write(forPeople(`${text}\n`, process.stderr));
}

/** Text to stdout; done when it is written. */
export function tell(text: string): Promise<void> {
  return written(forPeople(text, process.stdout));
}

/** Data to stdout; done when it is written. */
export function writeData(text: string): Promise<void> {
  return written(process.stdout.isTTY ? visible(text) : text);
}

function written(text: string): Promise<void> {
  return new Promise((resolve) => process.stdout.write(text, () => resolve()));
}

/** Where streams of data go: stdout, through `visible` where it is a terminal. Not to be ended by a pipeline. */
export function dataOutput(): Writable {
  if (!process.stdout.isTTY) return process.stdout;
  const decoder = new StringDecoder("utf8");
  return new Writable({
    write(chunk: Buffer, _, done) {
      process.stdout.write(visible(decoder.write(chunk)), done);
    },
  });
}
