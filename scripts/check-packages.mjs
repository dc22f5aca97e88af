// Every package in the lock file comes from the registry with its checksum, has a licence that this project can be used with,
// and runs nothing while it is installed. Offline; run by npm test. Another lock file and package.json can be named.
import { readFileSync } from "node:fs";

const [lockPath = "package-lock.json", packagePath = "package.json"] = process.argv.slice(2);

/** SPDX expressions; the second of a package that writes it in its own way. */
const licences = new Set([
  ...["MIT", "ISC", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "BlueOak-1.0.0", "Python-2.0", "CC0-1.0"],
  ...["MIT OR Apache-2.0", "(MIT OR CC0-1.0)"],
]);
const ownSpelling = { usearch: "Apache 2.0" };
const registry = "https://registry.npmjs.org/";

const { packages, lockfileVersion } = JSON.parse(readFileSync(lockPath, "utf8"));
const { allowScripts = {}, ...manifest } = JSON.parse(readFileSync(packagePath, "utf8"));
const problems = [];

if (lockfileVersion !== 3) problems.push(`${lockPath} has the version ${lockfileVersion}, not 3`);
const scripted = new Set();
for (const [path, entry] of Object.entries(packages)) {
  if (path === "") continue;
  const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
  const { version, license, integrity, resolved, hasInstallScript, link, inBundle } = entry;
  const say = (what) => problems.push(`${path} ${version ?? ""}: ${what}`);
  if (!path.startsWith("node_modules/") || link) say("is a folder of this machine, not a package of the registry");
  if (inBundle) say("comes inside of another package");
  if (entry.name !== undefined && entry.name !== name) say(`is the package ${entry.name} by another name`);
  if (!/^\d+\.\d+\.\d+/.test(version ?? "")) say("has no version of the registry");
  if (!/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? "")) say(`has the checksum ${integrity}, not a SHA-512`);
  if (resolved !== undefined && !resolved.startsWith(registry)) say(`comes from ${resolved}`);
  if (license === undefined || !(licences.has(license) || ownSpelling[name] === license))
    say(`has the licence ${license}: read it, and add it to scripts/check-packages.mjs if it permits this use`);
  if (!hasInstallScript) continue;
  scripted.add(name);
  if (allowScripts[name] !== false)
    say("runs a script while it is installed: read it, and set allowScripts in package.json to false");
}
for (const name of Object.keys(allowScripts))
  if (!scripted.has(name)) problems.push(`allowScripts in package.json names ${name}, which has no script`);
for (const kind of ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"])
  for (const [name, wanted] of Object.entries(manifest[kind] ?? {})) {
    if (!/^[\^~]?\d/.test(wanted)) problems.push(`${name} is ${wanted} in package.json, not a version of the registry`);
    if (packages[""]?.[kind]?.[name] !== wanted)
      problems.push(`${name} ${wanted} of package.json is not in ${lockPath}`);
  }

for (const problem of problems) console.error(problem);
console.log(`${Object.keys(packages).length - 1} packages checked, ${problems.length} problems`);
process.exitCode = problems.length > 0 ? 1 : 0;
