// Runs the compiled tests with Node's own runner. Arguments narrow by path: node scripts/test.mjs src/graph cli
import { readdirSync } from "node:fs";
import { run } from "node:test";
import { spec } from "node:test/reporters";

/** These take minutes: whatever comes last should be short, so that both processes end together. */
const first = ["test/docs/documents", "test/contract/families", "test/fuzz/tables"];

const wanted = process.argv.slice(2);
const orderOf = (file) => (first.some((part) => file.includes(part)) ? `0 ${file}` : `1 ${file}`);
const files = ["src", "test"]
  .flatMap((folder) => readdirSync(`dist/${folder}`, { recursive: true }).map((file) => `dist/${folder}/${file}`))
  .filter((file) => file.endsWith(".test.js"))
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
  .sort((a, b) => orderOf(a).localeCompare(orderOf(b)));
if (files.length === 0) {
  console.error(`No compiled test matches ${wanted.join(", ") || "dist/"}: run npm run build first.`);
  process.exit(1);
}
run({ files, concurrency: 2 })
  .on("test:fail", () => {
    process.exitCode = 1;
  })
  .compose(spec)
  .pipe(process.stdout);
