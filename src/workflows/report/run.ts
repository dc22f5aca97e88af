// The report of a model: checked, then copied, or opened in the browser.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { writeFileWhole } from "../../base/atomic.js";
import { checkParent, writeFault } from "../../base/outputs.js";
import { filePlaceOf } from "../../base/place.js";
import { openFolder, readFile } from "../../folders/index.js";
import { checkOutputs } from "../../tables/index.js";
import { type ReportOptions, reportOptionsSchema } from "./options.js";

export interface ReportResult {
  /** The page. */
  path: string;
  /** A program was told to show it. */
  isOpened: boolean;
}

/**
 * @throws UserError when the folder is no model's, its report is damaged, or `out` cannot be written
 * @example
 * await showReport("model", { out: "report.html" });
 */
export async function showReport(path: string, options: ReportOptions = {}): Promise<ReportResult> {
  const { out } = reportOptionsSchema.parse(options);
  await checkOutputs({ inputs: [path], outputs: [out] });
  if (out !== undefined) checkParent(out);
  const folder = openFolder(path, "text-model", "language-model");
  const page = readFile(folder, "report.html");
  if (out === undefined) {
    const place = join(path, "report.html");
    return { path: place, isOpened: await openInBrowser(place) };
  }
  try {
    writeFileWhole(filePlaceOf(out), page);
  } catch (error) {
    throw writeFault(error, out);
  }
  return { path: out, isOpened: false };
}

/** Whether a program took the page; none does where there is no screen. */
async function openInBrowser(page: string): Promise<boolean> {
  const opener = openerOf(process.platform, process.env);
  if (!opener) return false;
  const [command, ...args] = opener;
  const child = spawn(command, [...args, page], { stdio: "ignore", detached: true });
  child.unref();
  try {
    await once(child, "spawn");
    return true;
  } catch {
    return false;
  }
}

/** BROWSER names the program, as for Python and others. */
export function openerOf(
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
): readonly string[] | undefined {
  if (env.BROWSER) return [env.BROWSER];
  if (platform === "darwin") return ["open"];
  if (platform === "win32") return ["explorer.exe"];
  return env.DISPLAY || env.WAYLAND_DISPLAY ? ["xdg-open"] : undefined;
}
