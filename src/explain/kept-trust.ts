// What was measured of a method's explanations, in the folder of its model: once, since neither changes.
import { addFile, hasFile, inFile, openFolder, readFile, wrongModel } from "../folders/index.js";
import type { MethodName } from "./methods.js";
import { type Trust, trustSchema } from "./trust.js";

const nameOf = (method: MethodName) => `trust-${method}.json`;

/** @throws UserError when the file is damaged */
export function readTrust(path: string, method: MethodName): Trust | undefined {
  const folder = openFolder(path, "text-model");
  if (!hasFile(folder, nameOf(method))) return undefined;
  const text = readFile(folder, nameOf(method)).toString("utf8");
  return inFile(`${path}/${nameOf(method)}`, () => {
    const trust = trustSchema.safeParse(parsed(text));
    if (trust.success && trust.data.method === method) return trust.data;
    throw wrongModel(`${nameOf(method)} does not hold what was measured of ${method}`);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export async function keepTrust(path: string, method: MethodName, trust: Trust): Promise<void> {
  await addFile(openFolder(path, "text-model"), nameOf(method), `${JSON.stringify(trust, null, 2)}\n`);
}
