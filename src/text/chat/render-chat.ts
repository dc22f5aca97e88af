// A conversation as the text that a model was taught to answer. Its template (Jinja) may be a stranger's: it is data to an
// interpreter that reaches nothing outside, and its thread has little memory and little time.
import { Worker } from "node:worker_threads";
import { UserError } from "../../base/errors.js";

/** How a conversation becomes a text: a Jinja template, and what it may name. */
export interface ChatTemplate {
  template: string;
  beginToken: string;
  endToken: string;
}

export interface ChatMessage {
  role: "system" | "user" | "assistant";
  content: string;
}

const megabytes = 256;
/** Beyond the messages, in characters. */
const longestText = 1 << 20;

/**
 * The text up to where the answer begins, as `apply_chat_template` of Python's transformers with `add_generation_prompt`.
 *
 * @throws UserError where the template cannot be filled in, takes more than `seconds`, or refuses the messages
 * @example
 * await renderChat(chat, [{ role: "user", content: "What is the capital of France?" }]);
 */
export async function renderChat(
  chat: ChatTemplate,
  messages: readonly ChatMessage[],
  options: { seconds?: number } = {},
): Promise<string> {
  const [text] = await renderChats(chat, [messages], options);
  if (text instanceof UserError) throw text;
  return text;
}

/**
 * The texts of several conversations, by one thread: for each its text, or what is wrong with it.
 *
 * @param options.seconds - for all of them together
 */
export async function renderChats(
  chat: ChatTemplate,
  conversations: readonly (readonly ChatMessage[])[],
  { seconds = 10 }: { seconds?: number } = {},
): Promise<(string | UserError)[]> {
  const worker = new Worker(new URL("./render-worker.js", import.meta.url), {
    workerData: { ...chat, conversations },
    resourceLimits: { maxOldGenerationSizeMb: megabytes, maxYoungGenerationSizeMb: 32 },
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    type Rendered = { text: string } | { problem: string };
    const answer = await new Promise<Rendered[] | { problem: string }>((resolve) => {
      timer = setTimeout(() => resolve({ problem: `it took longer than ${seconds} seconds` }), seconds * 1000);
      worker.once("message", resolve);
      worker.once("error", (error) => resolve({ problem: error.message }));
      worker.once("exit", () => resolve({ problem: "it ended without a text" }));
    });
    return conversations.map((messages, i) => {
      const one = Array.isArray(answer) ? answer[i] : answer;
      if ("problem" in one) return failed(one.problem);
      const said = messages.reduce((sum, { content }) => sum + content.length, 0);
      if (one.text.length > said + longestText) return failed(`its text has ${one.text.length} characters`);
      return one.text;
    });
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}

const failed = (what: string) =>
  new UserError(
    `The chat template of the model cannot be filled in: ${what.slice(0, 500)}. Continue the text as it is instead.`,
  );
