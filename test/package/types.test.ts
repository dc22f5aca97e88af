// What an editor shows to someone who uses the built package: every option has its documentation, and every type that
// stands in a signature can be imported by name.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { resolve, sep } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import ts from "typescript";

const folder = resolve("dist/src") + sep;
// Does nothing after npm run build, and its work after a bare tsc.
const documented = spawnSync(process.execPath, ["scripts/document-options.mjs"], { encoding: "utf8" });
assert.equal(documented.status, 0, documented.stderr);

const entry = `${folder}index.d.ts`;
const { declarationsProgram } = await import(pathToFileURL("scripts/declarations.mjs").href);
const program: ts.Program = declarationsProgram([entry]);
const checker = program.getTypeChecker();
/** Everything that the package exports, in its namespaces too. */
const exported = new Map<ts.Symbol, string>();
collect(program.getSourceFile(entry)!, "");

function collect(file: ts.SourceFile, path: string): void {
  for (const symbol of checker.getExportsOfModule(checker.getSymbolAtLocation(file)!)) {
    const target = resolved(symbol);
    const name = path + symbol.name;
    const [home] = target.declarations ?? [];
    if (home && ts.isSourceFile(home)) collect(home, `${name}.`);
    else if (!exported.has(target)) exported.set(target, name);
  }
}

function resolved(symbol: ts.Symbol): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

test("every property of every exported options type is documented", () => {
  const options = [...exported].filter(([, name]) => name.endsWith("Options"));
  assert.ok(options.length >= 50, `only ${options.length} types of options are exported`);
  const missing = options.flatMap(([symbol, name]) => {
    const type = checker.getDeclaredTypeOfSymbol(symbol);
    return type
      .getProperties()
      .filter((property) => ts.displayPartsToString(property.getDocumentationComment(checker)).trim() === "")
      .map((property) => `${name}.${property.name}`);
  });
  assert.deepEqual(missing, []);
});

test("what the documentation says comes from the schema, with its default", () => {
  const [symbol] = [...exported].find(([, name]) => name === "TrainOptions")!;
  const property = checker.getDeclaredTypeOfSymbol(symbol).getProperty("freezeEmbeddings")!;
  assert.match(
    ts.displayPartsToString(property.getDocumentationComment(checker)),
    /Freeze the vectors of `embeddings`/,
  );
  assert.deepEqual(
    property.getJsDocTags().map(({ name, text }) => `${name} ${ts.displayPartsToString(text)}`),
    ["default false"],
  );
});

test("every function's parameters and result have types that are exported too", () => {
  const hidden = new Set<string>();
  for (const [symbol, name] of exported)
    for (const declaration of symbol.declarations ?? []) look(declaration, (type) => hidden.add(`${name}: ${type}`));
  assert.deepEqual([...hidden].sort(), []);
});

/** Names the types of this package in a declaration that cannot be imported from it. */
function look(node: ts.Node, found: (name: string) => void): void {
  if (ts.getJSDocTags(node).some((tag) => tag.tagName.text === "internal")) return;
  ts.forEachChild(node, (child) => look(child, found));
  const name = ts.isTypeReferenceNode(node)
    ? node.typeName
    : ts.isExpressionWithTypeArguments(node)
      ? node.expression
      : ts.isImportTypeNode(node)
        ? node.qualifier
        : undefined;
  const symbol = name && checker.getSymbolAtLocation(name);
  if (!symbol) return;
  const target = resolved(symbol);
  const home = target.declarations?.[0]?.getSourceFile().fileName ?? "";
  const isOwn = resolve(home).startsWith(folder) && !(target.flags & ts.SymbolFlags.TypeParameter);
  if (isOwn && !exported.has(target)) found(target.name);
}
