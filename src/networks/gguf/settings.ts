// The settings of a GGUF file by name and type. They may be a stranger's.
import { UserError } from "../../base/errors.js";
import type { GgufFile, GgufValue } from "../../formats/gguf/open-gguf.js";

export interface Settings {
  /** Undefined where there is none. @throws UserError where it is of another type */
  text(name: string): string | undefined;
  number(name: string): number | undefined;
  flag(name: string): boolean | undefined;
  texts(name: string): readonly string[] | undefined;
  numbers(name: string): readonly number[] | undefined;
  need<T>(name: string, value: T | undefined): T;
}

export function settingsOf({ settings }: GgufFile): Settings {
  const read = <T extends GgufValue>(name: string, what: string, is: (value: GgufValue) => boolean): T | undefined => {
    const value = settings.get(name);
    if (value === undefined) return undefined;
    if (is(value)) return value as T;
    throw new UserError(`This GGUF file is damaged: its setting '${name}' is not ${what}. Download it again.`);
  };
  const list = (type: string) => (value: GgufValue) =>
    Array.isArray(value) && value.every((one) => typeof one === type);
  return {
    text: (name) => read<string>(name, "a text", (value) => typeof value === "string"),
    number: (name) => read<number>(name, "a number", (value) => typeof value === "number"),
    flag: (name) => read<boolean>(name, "true or false", (value) => typeof value === "boolean"),
    texts: (name) => read<readonly string[]>(name, "a list of texts", list("string")),
    numbers: (name) => read<readonly number[]>(name, "a list of numbers", list("number")),
    need(name, value) {
      if (value !== undefined) return value;
      throw new UserError(`This GGUF file has no setting '${name}'. Download it again, or use another model.`);
    },
  };
}
