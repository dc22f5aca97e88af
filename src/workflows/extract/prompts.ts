// What a decoder is told so that it reads fields out of a text.
import { UserError } from "../../base/errors.js";
import type { LanguageModel } from "../../tasks/language/index.js";
import { renderChats } from "../../text/chat/index.js";

export const fillIn = (schema: unknown) =>
  "Read the text and give what it says as JSON that follows this JSON schema, and nothing else. Copy names and numbers as the " +
  `text has them.\n${JSON.stringify(schema)}`;

/** For each text the ids of its prompt, or what is wrong with it. Models without a chat template continue a text. */
export type Prompts = (texts: readonly string[]) => Promise<(Int32Array | UserError)[]>;

export function promptsOf({ tokenizer, writing }: LanguageModel, system: string): Prompts {
  const chat = writing?.chat;
  if (!chat)
    return async (texts) =>
      texts.map((text) =>
        Int32Array.of(...(writing?.before ?? []), ...tokenizer.encode(`${system}\n\nText: ${text}\n\nJSON: `)),
      );
  return async (texts) => {
    const conversations = texts.map((content) => [
      { role: "system" as const, content: system },
      { role: "user" as const, content },
    ]);
    const rendered = await renderChats(chat, conversations);
    return rendered.map((text) => (text instanceof UserError ? text : tokenizer.encode(text)));
  };
}
