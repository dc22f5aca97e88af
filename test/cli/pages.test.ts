// The pages that are written, from hostile texts, labels, column and file names, in a browser: nothing of the data runs,
// nothing is fetched, and the page works.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { columnist } from "./columnist.js";

const browser = [process.env.CHROME_PATH, "chromium", "chromium-browser", "google-chrome"].find(
  (name) => name !== undefined && spawnSync(name, ["--version"]).status === 0,
);
const skip = browser === undefined && "no Chromium is installed (CHROME_PATH names one)";
const folder = mkdtempSync(join(tmpdir(), "columnist-cli-pages-"));
const here = { cwd: folder };
let server: Server;
let asked: string[] = [];
let evil: string;

before(async () => {
  if (skip) return;
  server = createServer((request, response) => {
    asked.push(String(request.url));
    response.end();
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const owned = `document.documentElement.dataset.owned=1;fetch('${site}/fetched')`;
  evil =
    `</script></style></title></textarea>--><script>${owned}</script><img src='${site}/image' onerror=${owned}>` +
    `<svg onload="${owned}"><style>@import '${site}/style';*{background:url(${site}/background)}</style>` +
    `<link rel=prefetch href='${site}/link'><iframe src='${site}/frame'></iframe><base href='${site}'>` +
    `<meta http-equiv=refresh content='0;url=${site}/refresh'>\u2028'"\`\${${owned}}<!--`;
});
after(async () => {
  await new Promise((done) => (server ? server.close(done) : done(undefined)));
  rmSync(folder, { recursive: true, force: true });
});

/** The page as it stands after its script ran, and what the browser says of it. */
async function opened(path: string): Promise<{ dom: string; said: string[] }> {
  const args = ["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=3000", "--window-size=1200,900"];
  const profile = mkdtempSync(join(folder, "profile-"));
  const child = spawn(browser!, [
    ...args,
    ...["--enable-logging=stderr", `--user-data-dir=${profile}`, "--no-first-run", "--dump-dom"],
    pathToFileURL(path).href,
  ]);
  let [dom, log] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    dom += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    log += text;
  });
  await new Promise((done) => child.on("close", done));
  return { dom, said: log.split("\n").filter((line) => /CONSOLE|Refused|violates/.test(line)) };
}

function csv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(",")).join("\n");
}

test("pages of hostile data run nothing of it, fetch nothing, and work", { skip, timeout: 240_000 }, async () => {
  // A file's name has no slash.
  const table = `t${evil.replaceAll("/", "∕").slice(0, 100)}.csv`;
  const moods = [`good ${evil}`, `bad ${evil}`];
  const rows = Array.from({ length: 90 }, (_, i) => [
    i % 7 === 0 ? `what a day ${i} ${evil}` : `the ${i % 2 ? "film was awful" : "meal was lovely"} on day ${i} ${evil}`,
    moods[i % 2],
    `group ${i % 3} ${evil}`,
  ]);
  const [text, label, by] = [`body ${evil}`, `mood ${evil}`, `team ${evil}`];
  writeFileSync(join(folder, table), csv([[text, label, by], ...rows]));
  for (const args of [
    ["train", table, "--text", text, "--label", label, "--model", "linear", "--out", "model"],
    ["audit", "model", table, "--group", by, "--swap", "gender", "--out", "audit.html"],
    ["pretrain", table, "--text", text, "--model", "lstm", "--steps", "6", "--tokenizer", "char", "--out", "lm"],
    ["topics", table, "--text", text, "--topics", "2", "--by", by, "--color", label, "--map", "map.html"],
    ["explain", "model", `the film was awful ${evil}`, "--html", "why.html"],
  ]) {
    const { code, stderr } = columnist(args, undefined, here);
    assert.equal(code, 0, stderr);
  }
  for (const [page, works] of [
    ["model/report.html", /<h2>Models compared<\/h2>/],
    ["audit.html", /<h2>By team/],
    ["lm/report.html", /<h2>The model<\/h2>/],
    ["why.html", /<h2>Words<\/h2>/],
    ["map.html", /<p id="count" role="status">90 rows<\/p>[\s\S]*<li><button type="button"/],
  ] as const) {
    const source = readFileSync(join(folder, page), "utf8");
    assert.ok(source.includes("&lt;script&gt;") || source.includes("\\u003cscript>"), page);
    asked = [];
    const { dom, said } = await opened(join(folder, page));
    assert.deepEqual({ page, asked, said }, { page, asked: [], said: [] });
    assert.doesNotMatch(dom, /<html[^>]*data-owned/, page);
    assert.match(dom, works, page);

    // Where a text was not escaped, the policy would hold (but for an element that sends the reader elsewhere, which no policy
    // of a page forbids); without the policy it would not.
    const broken = source.replace("<main>", () => `<main>${evil.replace("<!--", "")}`);
    const isOpen = broken.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, "");
    assert.notEqual(isOpen, broken);
    for (const [content, isHeld] of [
      [broken.replace(/<meta http-equiv=refresh[^>]*>/, ""), true],
      [isOpen, false],
    ] as const) {
      asked = [];
      writeFileSync(join(folder, "broken.html"), content);
      const found = await opened(join(folder, "broken.html"));
      assert.equal(asked.length === 0, isHeld, `${page}: ${asked.join(" ")}`);
      if (isHeld) assert.doesNotMatch(found.dom, /<html[^>]*data-owned/);
    }
  }
});
