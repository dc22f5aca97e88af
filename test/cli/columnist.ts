// Runs the built command as a user does. Knows no command.
import { spawnSync } from "node:child_process";

export interface Answer {
  code: number | null;
  stdout: string;
  stderr: string;
}

/**
 * @example
 * const { code, stdout } = columnist(["--version"]);
 */
export function columnist(args: string[], input?: string): Answer {
  const env = { ...process.env, NO_COLOR: "1" };
  const { status, stdout, stderr } = spawnSync(process.execPath, ["dist/src/cli/main.js", ...args], {
    env,
    input,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  return { code: status, stdout, stderr };
}
