import assert from "node:assert/strict";
import { test } from "node:test";
import { UserError } from "../../base/errors.js";
import { renderChat } from "./render-chat.js";

const chat = (template: string) => ({ template, beginToken: "<s>", endToken: "</s>" });
const messages = [{ role: "user", content: "How much?" }] as const;

test("a conversation becomes a text", async () => {
  const template =
    "{{ bos_token }}{% for m in messages %}[{{ m['role'] | upper }}] {{ m.content.strip() }}{{ eos_token }}\n{% endfor %}" +
    "{% if add_generation_prompt %}[ASSISTANT]{% endif %}";
  assert.equal(await renderChat(chat(template), messages), "<s>[USER] How much?</s>\n[ASSISTANT]");
});

test("templates that fail, or take too much, are told", async () => {
  for (const [template, message] of [
    ["{{ raise_exception('only two messages, please') }}", /only two messages, please/],
    ["{% for m in messages %}", /cannot be filled in/],
    ["{{ messages.constructor.constructor('return process')() }}", /cannot be filled in/],
    ["{{ process.env }}{{ messages[0].toString.call(1) }}", /cannot be filled in/],
    ["{% for a in range(100000000) %}{% for b in range(100000000) %}x{% endfor %}{% endfor %}", /cannot be filled in/],
  ] as const)
    await assert.rejects(
      renderChat(chat(template), messages, { seconds: 1 }),
      (error) => error instanceof UserError && message.test(error.message),
      template,
    );
});
