// Imports go only downwards and never in a circle, a dependency has one home, src/base/ knows no library, and no file is too
// long. Run by npm test.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, sep } from "node:path";

const levels = {
  base: 0,
  formats: 1,
  kernels: 1,
  folders: 2,
  graph: 2,
  metrics: 2,
  optim: 2,
  text: 2,
  hub: 3,
  neighbours: 3,
  nn: 3,
  runtime: 3,
  select: 3,
  tables: 3,
  duplicates: 4,
  embeddings: 4,
  generate: 4,
  linear: 4,
  report: 4,
  tokens: 4,
  ngram: 5,
  train: 5,
  "layer-models": 6,
  networks: 6,
  tasks: 7,
  audit: 8,
  checks: 8,
  cost: 8,
  explain: 8,
  "row-vectors": 8,
  topics: 8,
  workflows: 9,
  cli: 10,
};
/** Which places may import a package; every other import of it is an error. */
const homes = {
  "onnxruntime-node": ["src/runtime/"],
  "@duckdb/node-api": ["src/tables/"],
  protobufjs: ["src/formats/onnx/"],
  flatbuffers: ["src/formats/arrow-schema.ts"],
  "ml-matrix": ["src/embeddings/svd/"],
  "oniguruma-to-es": ["src/text/tokenizers/foreign/"],
  "@eslint-community/regexpp": ["src/text/tokenizers/foreign/"],
  "@orama/stopwords": ["src/text/"],
  stopword: ["src/text/"],
  franc: ["src/text/"],
  "@huggingface/jinja": ["src/text/chat/"],
  commander: ["src/cli/"],
  "cli-progress": ["src/cli/"],
  "simple-ascii-chart": ["src/cli/"],
  "fastest-levenshtein": ["src/duplicates/"],
  usearch: ["src/neighbours/"],
  graphology: ["src/topics/"],
  "graphology-communities-louvain": ["src/topics/"],
  "umap-js": ["src/topics/"],
  zod: ["src/"],
};

/** The only place that uses the network. */
const networkHome = "src/hub/";
const network = /\bfetch\(|["']node:(?:https?|http2|tls|dgram|dns)(?:\/promises)?["']/;

/** Lines of a file at most. */
const longest = 320;
/** The backward pass of one op is another op, and the other way round: these may import each other. */
const adjoint = "src/graph/ops/";

const problems = [];
const imported = new Map();
const files = readdirSync("src", { recursive: true })
  .map((file) => join("src", file).split(sep).join("/"))
  .filter((file) => file.endsWith(".ts"));
for (const file of files) {
  const source = readFileSync(file, "utf8");
  const folder = file.split("/")[1];
  const isTop = file.split("/").length === 2;
  const lines = source.split("\n").length - 1;
  if (lines > longest && !file.endsWith(".test.ts"))
    problems.push(`${file} has ${lines} lines; at ${longest} it is time to divide it`);
  imported.set(file, importsOf(file, source));
  if (network.test(source) && !file.startsWith(networkHome))
    problems.push(`${file} uses the network; only ${networkHome} may`);
  if (!isTop && !(folder in levels))
    problems.push(`${file}: folder ${folder} has no level in scripts/check-layers.mjs`);
  for (const [, target] of source.matchAll(/(?:from|import\(?|require\()\s*["']([^"']+)["']/g)) {
    if (target.startsWith(".")) {
      const parts = normalize(join(dirname(file), target)).split(sep);
      const isHelper = parts[0] === "test" && file.endsWith(".test.ts");
      if (parts[0] !== "src" && !isHelper) problems.push(`${file} imports ${target}, outside src/`);
      else if (!isHelper && !isTop && parts.length > 2 && parts[1] !== folder && levels[parts[1]] >= levels[folder])
        problems.push(
          `${file} (level ${levels[folder]}) imports ${target} (level ${levels[parts[1]]}): imports go only downwards`,
        );
      if (
        !file.endsWith(".test.ts") &&
        /\/index\.js$/.test(target) &&
        parts.slice(0, -1).join("/") === dirname(file) &&
        !file.endsWith("/index.ts")
      )
        problems.push(`${file} imports its own folder's index`);
    } else if (!target.startsWith("node:")) {
      const name = target.startsWith("@") ? target.split("/").slice(0, 2).join("/") : target.split("/")[0];
      if (file.endsWith(".test.ts") && name === "fast-check") continue;
      const allowed = homes[name];
      if (!allowed) problems.push(`${file} imports ${name}, which has no home in scripts/check-layers.mjs`);
      else if (!allowed.some((home) => file.startsWith(home)))
        problems.push(`${file} imports ${name}; only ${allowed.join(", ")} may`);
    }
  }
}
problems.push(...circles().map((files) => `${files.join(" and ")} import each other in a circle`));
for (const problem of problems) console.error(problem);
console.log(`${files.length} files checked, ${problems.length} imports against the layers`);
process.exitCode = problems.length > 0 ? 1 : 0;

/** Files that are imported as the file is loaded; types alone, and what is loaded when it is used, do not count. */
function importsOf(file, source) {
  return [...source.matchAll(/^(?:import|export)(?! type)[^;"]*?from\s+"(\.[^"]+)"/gm)].map(([, target]) =>
    normalize(join(dirname(file), target))
      .split(sep)
      .join("/")
      .replace(/\.js$/, ".ts"),
  );
}

/** Groups of files that reach each other (R. Tarjan 1972). */
function circles() {
  const [order, lowest, stack, found] = [new Map(), new Map(), [], []];
  const visit = (file) => {
    order.set(file, order.size);
    lowest.set(file, order.get(file));
    stack.push(file);
    for (const next of imported.get(file) ?? []) {
      if (!imported.has(next) || (file.startsWith(adjoint) && next.startsWith(adjoint))) continue;
      if (!order.has(next)) visit(next);
      if (stack.includes(next)) lowest.set(file, Math.min(lowest.get(file), lowest.get(next)));
    }
    if (lowest.get(file) !== order.get(file)) return;
    const group = stack.splice(stack.indexOf(file));
    if (group.length > 1) found.push(group);
  };
  for (const file of imported.keys()) if (!order.has(file)) visit(file);
  return found;
}
