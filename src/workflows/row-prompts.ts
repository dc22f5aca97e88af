// What a decoder is told so that it answers with something about a text: the same for all rows of a table, and the text.
import { UserError } from "../base/errors.js";
import { commonLength } from "../networks/language/index.js";
import type { LanguageModel } from "../tasks/language/index.js";
import { renderChats } from "../text/chat/index.js";

/** For each text the ids of its prompt, or what is wrong with it. */
export type Prompts = (texts: readonly string[]) => Promise<(Int32Array | UserError)[]>;

/**
 * With a chat template the text is a message, behind what `system` says. Models without one continue a text.
 *
 * @param cue - what stands before the answer in such a text: "JSON:"
 */
export function promptsOf({ tokenizer, writing }: LanguageModel, system: string, cue: string): Prompts {
  const chat = writing?.chat;
  if (!chat)
    return async (texts) =>
      texts.map((text) =>
        Int32Array.of(...(writing?.before ?? []), ...tokenizer.encode(`${system}\n\nText: ${text}\n\n${cue}`)),
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

/**
 * The prompt of an empty text, and what the prompts of all texts begin with.
 *
 * @throws UserError where the model's chat template takes no such prompt
 */
export async function sharedPrompt(prompts: Prompts): Promise<{ empty: Int32Array; beginning: Int32Array }> {
  const [empty, other] = await prompts(["", "A text"]);
  if (empty instanceof UserError) throw empty;
  if (other instanceof UserError) throw other;
  return { empty, beginning: empty.slice(0, commonLength(empty, other)) };
}
