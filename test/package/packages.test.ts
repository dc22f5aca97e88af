// The check of the lock file finds what it is there for.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

const folder = mkdtempSync(join(tmpdir(), "columnist-packages-"));
after(() => rmSync(folder, { recursive: true, force: true }));

interface Lock {
  lockfileVersion: number;
  packages: Record<string, Record<string, unknown>>;
}
interface Manifest {
  allowScripts: Record<string, boolean>;
  dependencies: Record<string, string>;
}

function check(change: (lock: Lock, manifest: Manifest) => void): { code: number | null; said: string } {
  const lock = JSON.parse(readFileSync("package-lock.json", "utf8")) as Lock;
  const manifest = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;
  change(lock, manifest);
  const paths = [join(folder, "package-lock.json"), join(folder, "package.json")];
  writeFileSync(paths[0], JSON.stringify(lock));
  writeFileSync(paths[1], JSON.stringify(manifest));
  const { status, stderr } = spawnSync(process.execPath, ["scripts/check-packages.mjs", ...paths], {
    encoding: "utf8",
  });
  return { code: status, said: stderr };
}

test("packages are from the registry, with a checksum, a known licence and no script", () => {
  assert.deepEqual(
    check(() => {}),
    { code: 0, said: "" },
  );
  const zod = "node_modules/zod";
  const faults: [change: (lock: Lock, manifest: Manifest) => void, said: RegExp][] = [
    [({ packages }) => delete packages[zod].integrity, /zod .*checksum undefined/],
    [({ packages }) => Object.assign(packages[zod], { integrity: "sha1-abc=" }), /zod .*checksum sha1-abc=/],
    [({ packages }) => Object.assign(packages[zod], { license: "GPL-3.0" }), /zod .*licence GPL-3\.0/],
    [({ packages }) => delete packages[zod].license, /zod .*licence undefined/],
    [({ packages }) => Object.assign(packages[zod], { hasInstallScript: true }), /zod .*runs a script/],
    [({ packages }) => Object.assign(packages[zod], { resolved: "https://example.org/zod.tgz" }), /comes from https/],
    [
      ({ packages }) => Object.assign(packages[zod], { resolved: "git+ssh://git@github.com/a/b.git" }),
      /comes from git/,
    ],
    [({ packages }) => Object.assign(packages[zod], { name: "dozer" }), /is the package dozer by another name/],
    [({ packages }) => Object.assign(packages, { "../zod": { link: true } }), /folder of this machine/],
    [(_, { allowScripts }) => delete allowScripts.usearch, /usearch .*runs a script/],
    [(_, { allowScripts }) => Object.assign(allowScripts, { usearch: true }), /usearch .*runs a script/],
    [(_, { allowScripts }) => Object.assign(allowScripts, { zod: false }), /zod, which has no script/],
    [(_, { dependencies }) => Object.assign(dependencies, { zod: "file:../zod" }), /zod is file:/],
    [(_, { dependencies }) => Object.assign(dependencies, { left: "^1.0.0" }), /left \^1\.0\.0 .* is not in/],
  ];
  for (const [change, expected] of faults) {
    const { code, said } = check(change);
    assert.equal(code, 1, String(expected));
    assert.match(said, expected);
  }
});
