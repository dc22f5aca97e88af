// Writes the help text of options into the built declarations: every z.input<typeof schema> (and z.infer) becomes the
// properties that it stands for, each with its description as JSDoc, which editors show. TypeScript infers the
// properties from a schema, but not what is said of them. A part of npm run build; a second run finds nothing to do.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import ts from "typescript";
import { spellOptions } from "../dist/src/base/option.js";
import { declarationsProgram } from "./declarations.mjs";

const inferred = /\bz\.(input|infer)<typeof \w+>/;
const folder = resolve("dist/src");
const files = readdirSync(folder, { recursive: true })
  .map((file) => join(folder, file))
  .filter(
    (file) => file.endsWith(".d.ts") && !file.endsWith(".test.d.ts") && inferred.test(readFileSync(file, "utf8")),
  );
const program = declarationsProgram(files);
const checker = program.getTypeChecker();

for (const file of files) {
  const source = program.getSourceFile(file);
  const found = [];
  const visit = (node) => {
    if (ts.isTypeReferenceNode(node) && /^z\.(input|infer)$/.test(node.typeName.getText())) found.push(node);
    else ts.forEachChild(node, visit);
  };
  visit(source);
  let text = source.text;
  for (const node of found.reverse()) {
    const written = await literalOf(node);
    if (written !== undefined) text = text.slice(0, node.getStart()) + written + text.slice(node.end);
  }
  writeFileSync(file, text);
}

/** The type as an object type with comments; undefined where it is none. */
async function literalOf(node) {
  const type = checker.getTypeFromTypeNode(node);
  if (type.isUnion() || checker.getIndexInfosOfType(type).length > 0) return undefined;
  const [query] = node.typeArguments;
  if (!ts.isTypeQueryNode(query) || !ts.isIdentifier(query.exprName)) return undefined;
  const schema = await schemaOf(query.exprName);
  const properties = type.getProperties().map((property) => {
    const propertyType = checker.getTypeOfSymbolAtLocation(property, node);
    const flags = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.UseFullyQualifiedType;
    const isOptional = (property.flags & ts.SymbolFlags.Optional) !== 0;
    const shown = checker.typeToString(propertyType, node, flags).replace(isOptional ? / \| undefined$/ : /$^/, "");
    return `${comment(schema?.shape?.[property.name])}    ${property.name}${isOptional ? "?" : ""}: ${shown};\n`;
  });
  return `{\n${properties.join("")}}`;
}

/** The schema itself, where its file exports it. */
async function schemaOf(name) {
  let symbol = checker.getSymbolAtLocation(name);
  if (symbol.flags & ts.SymbolFlags.Alias) symbol = checker.getAliasedSymbol(symbol);
  const home = symbol.declarations[0].getSourceFile().fileName;
  return (await import(pathToFileURL(home.replace(/\.d\.ts$/, ".js")).href))[symbol.name];
}

/** What the schema says of a property, and its default. */
function comment(field) {
  let [description, preset] = ["", undefined];
  for (let inner = field; inner !== undefined; inner = inner.def?.innerType) {
    const { description: own = "", expects = "" } = inner.meta() ?? {};
    if (description === "" && own !== "") description = sentence(own, expects);
    if (inner.def?.type === "default") preset ??= inner.def.defaultValue;
  }
  const lines = [description];
  if (preset !== undefined) lines.push(`@default ${JSON.stringify(preset)}`);
  const written = lines.filter((line) => line !== "").map((line) => line.replaceAll("*/", "*\\/"));
  if (written.length === 0) return "";
  if (written.length === 1) return `    /** ${written[0]} */\n`;
  return `    /**\n${written.map((line) => `     * ${line}\n`).join("")}     */\n`;
}

/** Help is written for the command line: in a program lists are lists. */
function sentence(help, expects) {
  const range = /^an? (whole )?number /.test(expects) ? `; ${expects}` : "";
  const text = spellOptions(help.replace(/; repeatable$/, "") + range, (name) => `\`${name}\``).replace(
    "repeat it to join several",
    "several are joined",
  );
  return `${text[0].toUpperCase()}${text.slice(1)}.`;
}
