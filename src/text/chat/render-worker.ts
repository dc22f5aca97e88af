// A worker thread of `renderChats`: fills in one template for several conversations. Templates name nothing but what is handed to them.
import { parentPort, workerData } from "node:worker_threads";
import { Template } from "@huggingface/jinja";
import type { ChatMessage, ChatTemplate } from "./render-chat.js";

const { template, beginToken, endToken, conversations } = workerData as ChatTemplate & {
  conversations: ChatMessage[][];
};

function rendered(messages: ChatMessage[]): { text: string } | { problem: string } {
  try {
    const text = new Template(template).render({
      messages,
      bos_token: beginToken,
      eos_token: endToken,
      add_generation_prompt: true,
    });
    return { text };
  } catch (error) {
    return { problem: (error as Error).message };
  }
}

parentPort?.postMessage(conversations.map(rendered));
