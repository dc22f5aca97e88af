// Wrong labels: our ranking beside cleanlab's. On given probabilities whose flagged rows were voted on by five people; and on planted
// wrong labels, ours with our models, cleanlab's with scikit-learn's support vector machines.
//   node dist/bench/label-errors.js [--data <folder>] [--only votes,planted]
// The peer has a virtual environment of its own: bench/peers/setup.sh cleanlab
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createRandom } from "../src/base/random.js";
import { findLabelErrors, likelyErrors, rankLabels } from "../src/checks/index.js";
import { defaultDataFolder, type LabelledRow, readRows } from "./data-sets.js";
import { openBench } from "./harness.js";
import { runCommand } from "./run-command.js";
import { type Peer, startPeer } from "./start-peer.js";

const { values: flags } = parseArgs({
  options: {
    data: { type: "string", default: defaultDataFolder() },
    only: { type: "string", default: "votes,planted" },
  },
});
const bench = openBench("label-errors");
const folder = mkdtempSync(join(tmpdir(), "columnist-label-errors-"));
const parts = { votes, planted };
const chosen = Object.keys(parts).filter((name) => flags.only.split(",").includes(name)) as (keyof typeof parts)[];
try {
  const peer = await startPeer("cleanlab_labels.py", [], { threads: 2, venv: ".venv-cleanlab" });
  bench.addVersions(peer.hello.versions ?? {});
  for (const name of chosen) await parts[name](peer);
  await peer.stop();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
bench.close(chosen.length === 2);

interface VotedRow {
  label: number;
  /** Undefined where nobody was asked; otherwise whether a majority is not for the given label. */
  isWrong?: boolean;
  probabilities: number[];
}

function readVotes(name: string): { rows: VotedRow[]; classes: number } {
  const [head, ...lines] = readFileSync(join(flags.data, "label-errors", `${name}.csv`), "utf8")
    .trim()
    .split("\n");
  const columns = head.split(",");
  const [label, given, first] = ["label", "votes_given", "p0"].map((column) => columns.indexOf(column));
  const rows = lines.map((line): VotedRow => {
    const cells = line.split(",");
    const probabilities = cells.slice(first).map(Number);
    const sum = probabilities.reduce((total, p) => total + p, 0);
    return {
      label: Number(cells[label]),
      ...(cells[given] !== "" && { isWrong: Number(cells[given]) < 3 }),
      probabilities: probabilities.map((p) => p / sum),
    };
  });
  return { rows, classes: columns.length - first };
}

async function votes(peer: Peer): Promise<void> {
  for (const name of ["imdb", "20news"]) {
    const { rows, classes } = readVotes(name);
    const probabilities = Float32Array.from(rows.flatMap((row) => row.probabilities));
    const labels = Int32Array.from(rows, ({ label }) => label);
    const ours = rankLabels(probabilities, labels, classes);
    const theirs = await peer.ask<{ rankings: Record<string, number[]> }>("rank", {
      probabilities: rows.map((row) => row.probabilities),
      labels: [...labels],
    });
    const precision = (order: ArrayLike<number>, most: number) => {
      const voted = Array.from(order)
        .filter((row) => rows[row].isWrong !== undefined)
        .slice(0, most);
      return voted.filter((row) => rows[row].isWrong).length / voted.length;
    };
    for (const most of [100, 300, 1000]) {
      const best = Math.max(...Object.values(theirs.rankings).map((order) => precision(order, most)));
      const asked = rows.filter(({ isWrong }) => isWrong !== undefined).length;
      bench.figure({
        name: `${name}: wrong among the first ${Math.min(most, asked)} of ${asked} that were voted on`,
        ours: precision(ours, most),
        peer: best,
        unit: "",
        measure: "difference",
        atLeast: 0,
        details: Object.fromEntries(
          Object.entries(theirs.rankings).map(([ranking, order]) => [ranking, precision(order, most)]),
        ),
      });
    }
    const found = findLabelErrors(probabilities, labels, classes);
    const flagged = Array.from(found.rows).filter((row) => rows[row].isWrong !== undefined);
    const wrong = flagged.filter((row) => rows[row].isWrong).length;
    const { least, most } = likelyErrors(found, probabilities, labels, classes);
    const share = (count: number) => ((100 * count) / found.rows.length).toFixed(0);
    bench.note(
      `${name}: ${found.rows.length} rows flagged, ${flagged.length} of them voted on, ${((100 * wrong) / flagged.length).toFixed(0)} % of these wrong; ` +
        `we expect ${share(least)} to ${share(most)} % of the flagged to be`,
    );
  }
}

/** The same 5 % of the labels turned for both sides. */
async function planted(peer: Peer): Promise<void> {
  for (const [name, path] of [
    ["banking77", "banking77/train.csv"],
    ["movie-reviews", "movie-reviews.csv"],
  ] as const) {
    const rows = await readRows(join(flags.data, path));
    const names = [...new Set(rows.map(({ label }) => label))].sort();
    const random = createRandom(17);
    const isFlipped = new Uint8Array(rows.length);
    const given: LabelledRow[] = rows.map((row) => ({ ...row }));
    for (const row of random.shuffle([...rows.keys()]).slice(0, Math.round(0.05 * rows.length))) {
      isFlipped[row] = 1;
      given[row].label = names[(names.indexOf(rows[row].label) + 1 + random.integer(names.length - 1)) % names.length];
    }
    const table = join(folder, `${name}.jsonl`);
    writeFileSync(table, given.map((row) => `${JSON.stringify(row)}\n`).join(""));
    const { stdout, seconds } = await runCommand([
      "check",
      "--label-errors",
      table,
      "--text",
      "text",
      "--label",
      "label",
      "--json",
    ]);
    const told = JSON.parse(stdout) as {
      suspicious: { row: number; suggested: string }[];
      expected: { least: number; most: number };
    };
    const ours = judge(told.suspicious.map(({ row }) => row - 1));
    const peerAnswer = await peer.ask<{ flagged: Record<string, number[]>; seconds: number }>("planted", {
      texts: given.map(({ text }) => text),
      labels: given.map(({ label }) => names.indexOf(label)),
    });
    const theirs = judge(peerAnswer.flagged.prune_by_noise_rate);
    const restored = told.suspicious.filter(
      ({ row, suggested }) => isFlipped[row - 1] && suggested === rows[row - 1].label,
    ).length;
    const details = {
      ours,
      expected: told.expected,
      restored,
      seconds: [seconds, peerAnswer.seconds],
      cleanlab: Object.fromEntries(
        Object.entries(peerAnswer.flagged).map(([filter, flagged]) => [filter, judge(flagged)]),
      ),
    };
    for (const [figure, least] of [
      ["recall", 0.6],
      ["precision", 0.5],
    ] as const) {
      bench.figure({
        name: `${name}, 5 % of the labels turned: ${figure} of the flagged rows`,
        ours: ours[figure],
        peer: theirs[figure],
        unit: "",
        measure: "difference",
        atLeast: 0,
        details,
      });
      if (name === "banking77")
        bench.figure({
          name: `${name}: ${figure} alone`,
          ours: ours[figure],
          unit: "",
          measure: "value",
          atLeast: least,
        });
    }
    bench.note(
      `${name}: ${ours.flagged} rows flagged, of which ${told.expected.least.toFixed(0)} to ${told.expected.most.toFixed(0)} were expected to be wrong and ${ours.right} are`,
    );

    function judge(flagged: readonly number[]) {
      const right = flagged.filter((row) => isFlipped[row]).length;
      const turned = isFlipped.reduce((sum, one) => sum + one, 0);
      return { flagged: flagged.length, right, recall: right / turned, precision: right / flagged.length };
    }
  }
}
