import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../base/random.js";
import { openRowEncoder } from "../../row-vectors/index.js";
import { findTopics } from "../../topics/index.js";

/** Rows of so many words out of a group's own; sizes by group. */
function disjoint(sizes: readonly number[], { words = 6, least = 8, most = 8, seed = 0, shared = "" }) {
  const random = createRandom(seed + 91);
  const rows = sizes.flatMap((size, group) =>
    Array.from({ length: size }, () => {
      const length = least + random.integer(most - least + 1);
      const own = Array.from({ length }, () => `${"abcdefgh"[group]}${"klmnoprstu"[random.integer(words)]}uma`);
      return { group, text: shared ? `${own.join(` ${shared} `)}` : own.join(" ") };
    }),
  );
  for (let i = rows.length - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    [rows[i], rows[j]] = [rows[j], rows[i]];
  }
  return rows;
}

test("groups of texts with no word in common are topics, whatever their number, sizes, lengths and the seed", async () => {
  const cases: [sizes: number[], options: Parameters<typeof disjoint>[1]][] = [
    [[50, 50, 50], {}],
    [[50, 50, 50], { seed: 1 }],
    [[150, 150], { seed: 2 }],
    [[300, 5], { seed: 3 }],
    [[5, 5, 200, 40], { seed: 4 }],
    [[10, 10, 10], { seed: 5 }],
    [Array(8).fill(30), { seed: 6 }],
    [[80, 80, 80], { least: 2, most: 3, words: 10, seed: 7 }],
    [[60, 60, 60], { least: 1, most: 40, words: 10, seed: 8 }],
    [[60, 60, 60], { shared: "the", words: 10, seed: 9 }],
  ];
  for (const [sizes, options] of cases) {
    const rows = disjoint(sizes, options);
    const texts = rows.map(({ text }) => text);
    const encoder = await openRowEncoder(texts, { seed: options.seed ?? 0, threads: 1, removeCommon: false });
    const { vectors } = await encoder.encode(texts);
    await encoder.close();
    for (const topics of [sizes.length, "auto"] as const) {
      const found = await findTopics(texts, vectors, encoder.dim, { topics, seed: options.seed ?? 0 });
      const pairs = new Set(rows.map(({ group }, row) => `${group} ${found.topicOf[row]}`));
      assert.equal(found.topics.length, sizes.length, `${sizes} ${topics}`);
      assert.equal(pairs.size, sizes.length, `${sizes} ${topics}: ${[...pairs]}`);
    }
  }
});
