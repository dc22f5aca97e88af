// The documents keep their word: every command and every program in them is run, in a folder with the tables they name. What they
// pull comes from a server of this test, into a cache of its own.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { Worker } from "node:worker_threads";
import { showBytes } from "../../src/base/show-bytes.js";
import { parametersText } from "../../src/cli/model-text.js";
import { catalogue } from "../../src/hub/catalogue.js";
import { reviews, shell } from "../cli/columnist.js";

const root = process.cwd();
const documents = ["README.md", ...readdirSync("docs").map((name) => `docs/${name}`)].filter((name) =>
  name.endsWith(".md"),
);
/** Programs import "columnist", which Node finds only from inside the package. */
const programs = resolve("dist/test/docs/programs");
const folders: string[] = [];
/** Where models are pulled from and to. */
const env: Record<string, string> = { HF_HUB_CACHE: "", HF_HUB_OFFLINE: "", HF_TOKEN: "" };
// A thread of its own answers while this one waits for a command.
const hub = new Worker(new URL("./hub-worker.js", import.meta.url));
before(async () => {
  env.HF_ENDPOINT = await new Promise<string>((done) => hub.once("message", done));
  env.HF_HOME = mkdtempSync(join(tmpdir(), "columnist-docs-models-"));
  folders.push(env.HF_HOME);
});
after(async () => {
  await hub.terminate();
  for (const folder of [programs, ...folders]) rmSync(folder, { recursive: true, force: true });
});

for (const name of documents) {
  const text = readFileSync(name, "utf8");

  test(`${name}: its links lead somewhere`, () => {
    for (const [, target] of text.matchAll(/\]\(([^)#]+)[^)]*\)/g)) {
      if (/^https:/.test(target) || target.startsWith("docs/api")) continue;
      assert.ok(existsSync(join(root, dirname(name), target)), `${name} names ${target}`);
    }
  });

  test(`${name}: its commands run`, () => {
    const folder = withTables();
    for (const line of blocks(text, "sh").join("\n").split("\n")) {
      if (!/\bcolumnist\b/.test(line)) continue;
      const { code, stderr } = shell(`set -e\n${line}`, { cwd: folder, env });
      assert.equal(code, 0, `${line}\n${stderr}`);
    }
  });

  for (const [i, program] of blocks(text, "js").entries())
    test(`${name}: program ${i + 1} runs`, () => {
      mkdirSync(programs, { recursive: true });
      const file = join(programs, `${name.replaceAll("/", "-")}-${i}.mjs`);
      writeFileSync(file, program);
      const { status, stderr } = spawnSync(process.execPath, [file], {
        cwd: withTables(),
        env: { ...process.env, ...env },
        encoding: "utf8",
      });
      assert.equal(status, 0, stderr);
    });
}

test("docs/pretrained-models.md has the models that pull lists, with their figures", () => {
  const text = readFileSync("docs/pretrained-models.md", "utf8");
  const told = [...text.matchAll(/^\| \[(.+?)\]\(https:\/\/huggingface\.co\/.+?\) \| (.+) \|$/gm)].map(
    ([, id, facts]) => `${id} | ${facts}`,
  );
  const known = catalogue.map(({ id, languages, parameters, bytes, licence }) =>
    [id, languages, parametersText(parameters).replace(" parameters", ""), showBytes(bytes), licence].join(" | "),
  );
  assert.deepEqual(told, known);
});

function blocks(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms"))].map(([, block]) => block);
}

const feelings: Record<string, string> = { anger: "angry because", joy: "happy because", surprise: "amazed because" };

function withTables(): string {
  const folder = mkdtempSync(join(tmpdir(), "columnist-docs-"));
  folders.push(folder);
  for (const [name, seed] of [
    ["reviews", 1],
    ["more-reviews", 2],
    ["new-reviews", 3],
  ] as const) {
    const rows = reviews(seed === 1 ? 72 : 40, seed).map(({ title, body, mood }, i) => {
      const quoted = `"${body.replaceAll('"', '""')}"`;
      return [
        title,
        quoted,
        `2026-01-${10 + (i % 20)}`,
        ...(name === "new-reviews" ? [] : [mood === "good" ? "positive" : "negative"]),
      ].join(",");
    });
    const head = name === "new-reviews" ? "title,review,written" : "title,review,written,sentiment";
    writeFileSync(join(folder, `${name}.csv`), `${head}\n${rows.join("\n")}\n`);
  }
  for (const [name, seed] of [
    ["ratings", 4],
    ["more-ratings", 5],
  ] as const) {
    const rows = reviews(seed === 4 ? 72 : 40, seed).map(({ title, body, mood }, i) => {
      const stars = (mood === "good" ? 4 : 1) + (i % 2);
      return [title, `"${body.replaceAll('"', '""')}"`, stars, `"$1,${100 * stars + (i % 90)}"`].join(",");
    });
    writeFileSync(join(folder, `${name}.csv`), `title,review,stars,price\n${rows.join("\n")}\n`);
  }
  for (const [name, seed] of [
    ["letters", 6],
    ["more-letters", 7],
  ] as const) {
    const rows = reviews(120, seed).map(({ body, mood }, i) => {
      const writer = i % 2 ? "She" : "He";
      return `"${writer} writes: ${body.replaceAll('"', '""')}",${i % 2 ? "female" : "male"},${18 + (i % 50)},${mood === "good" ? "yes" : "no"}`;
    });
    writeFileSync(join(folder, `${name}.csv`), `letter,gender,age,decision\n${rows.join("\n")}\n`);
  }
  writeFileSync(join(folder, "titles.csv"), "men,women\nking,queen\nlord,lady\n");
  writeFileSync(
    join(folder, "labels.csv"),
    "name,description\nrefund,the customer wants the money back\npraise,the customer is happy with us\n",
  );
  const [fields] = blocks(readFileSync(join(root, "docs/pretrained-models.md"), "utf8"), "json");
  writeFileSync(join(folder, "fields.json"), fields);
  for (const [name, count] of Object.entries({ posts: 120, "more-posts": 60, "new-posts": 40 })) {
    const labels = (row: number) => Object.keys(feelings).filter((_, i) => (row * (i + 3)) % 5 < 2);
    const rows = Array.from({ length: count }, (_, row) => {
      const told = labels(row).map((label) => `${feelings[label]} of it`);
      const text = `Post ${row}: ${["the parcel came", ...told].join(" and ")}`;
      return [text, `shop ${row % 3}`, ...(name === "new-posts" ? [] : [labels(row).join(";")])].join(",");
    });
    const head = name === "new-posts" ? "text,shop" : "text,shop,labels";
    writeFileSync(join(folder, `${name}.csv`), `${head}\n${rows.join("\n")}\n`);
  }
  return folder;
}
