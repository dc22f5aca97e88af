// What npm puts into the package: the documents with it, and every link of theirs leads somewhere in there.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { test } from "node:test";

const { status, stdout, stderr } = spawnSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
  encoding: "utf8",
  maxBuffer: 1 << 26,
  shell: process.platform === "win32",
});
assert.equal(status, 0, stderr);
const files: string[] = JSON.parse(stdout)[0].files.map(({ path }: { path: string }) => path);

test("the package holds the built library and the documents, and no tests", () => {
  const { bin, exports } = JSON.parse(readFileSync("package.json", "utf8"));
  for (const path of [bin.columnist, exports["."].types, exports["."].default, "docs/train-a-text-classifier.md"])
    assert.ok(files.includes(posix.normalize(path)), path);
  assert.deepEqual(
    files.filter((path) => /\.test\.|^docs\/api|^test\/|^dist\/(?!src\/)|\.map$/.test(path)),
    [],
  );
});

test("links of the documents in the package lead to files in the package", () => {
  const documents = files.filter((path) => path.endsWith(".md"));
  assert.ok(documents.length >= 7, documents.join(" "));
  const broken = documents.flatMap((path) =>
    [...readFileSync(path, "utf8").matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
      .map(([, target]) => target)
      .filter((target) => !/^[a-z]+:/.test(target))
      .map((target) => ({ target, there: posix.join(posix.dirname(path), target).replace(/\/$/, "") }))
      .filter(({ there }) => !files.some((file) => file === there || file.startsWith(`${there}/`)))
      .map(({ target }) => `${path}: ${target}`),
  );
  assert.deepEqual(broken, []);
});

test("nothing in the documents asks for a flag that npm does not know", () => {
  for (const path of files.filter((one) => one.endsWith(".md")))
    assert.doesNotMatch(readFileSync(path, "utf8"), /--onnxruntime-node-install/, path);
});
