import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../base/random.js";
import { findTopics } from "./find-topics.js";
import { kMeans } from "./k-means.js";
import { placeRows } from "./place-rows.js";
import { renderMap } from "./render-map.js";
import { createRowProducts } from "./row-products.js";
import { topicShares } from "./topic-shares.js";
import { topicTokens } from "./topic-tokens.js";
import { topicWords } from "./topic-words.js";
import { typicalRows } from "./typical-rows.js";

const dim = 12;
const groups = 4;

/** Unit vectors around a few directions; row i belongs to group i mod 4. */
function grouped(rows: number, seed: number): Float32Array {
  const random = createRandom(seed);
  const vectors = Float32Array.from({ length: rows * dim }, (_, i) => {
    const [row, d] = [Math.floor(i / dim), i % dim];
    return (d === row % groups ? 1 : 0) + 0.12 * random.normal();
  });
  for (let row = 0; row < rows; row++) {
    const own = vectors.subarray(row * dim, (row + 1) * dim);
    const length = Math.hypot(...own);
    for (let d = 0; d < dim; d++) own[d] /= length;
  }
  return vectors;
}

const texts = (rows: number) =>
  Array.from({ length: rows }, (_, i) => `${["rain wind", "card cash", "train rail", "bread cake"][i % 4]} ${i}th`);

function isGrouping(found: ArrayLike<number>): boolean {
  return Array.from(found).every((topic, row) => topic >= 0 && topic === found[row % groups]);
}

test("k-means and communities find planted groups; the same seed gives the same topics", async () => {
  const vectors = grouped(400, 1);
  assert.ok(isGrouping(await kMeans(vectors, dim, groups, 2)));
  for (const topics of [groups, "auto"] as const) {
    const found = await findTopics(texts(400), vectors, dim, { topics, seed: 5 });
    assert.ok(isGrouping(found.topicOf), String(topics));
    assert.deepEqual(
      found.topics.map(({ rows }) => rows),
      [100, 100, 100, 100],
    );
    assert.equal(found.topics[found.topicOf[1]].words[0], "card");
    assert.deepEqual(await findTopics(texts(400), vectors, dim, { topics, seed: 5 }), found);
  }
});

test("products of rows are the sums of products, whatever the sizes", () => {
  const random = createRandom(8);
  for (const [rows, size, count] of [
    [1, 1, 1],
    [5, 6, 8],
    [9, 17, 11],
  ]) {
    const x = Float32Array.from({ length: rows * size }, () => random.normal());
    const y = Float64Array.from({ length: count * size }, () => Math.fround(random.normal()));
    const fits = createRowProducts(x, size, count);
    fits.setColumns(y);
    const found = fits.products(0, rows);
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < fits.width; column++) {
        let expected = 0;
        if (column < count) for (let d = 0; d < size; d++) expected += x[row * size + d] * y[column * size + d];
        assert.ok(Math.abs(found[row * fits.width + column] - expected) < 1e-5, `${row}, ${column}`);
      }
  }
});

const wordsOf = (texts: readonly string[], topics: readonly number[], count = 5) =>
  topicWords(texts, topicTokens(texts), topics, Math.max(...topics) + 1, count);

test("topic words: what the others have not; no function words, no forms of one word, nothing that all rows have", async () => {
  const weather = [
    "There will be rain and wind, will there?",
    "The rains and the wind are here",
    "How long will it rain today",
  ];
  const money = [
    "I don't know why my card was declined",
    "Why do they take so long with cards",
    "The card will be declined today",
  ];
  const topics = [0, 0, 0, 1, 1, 1];
  assert.deepEqual(await wordsOf([...weather, ...money], topics, 2), [
    ["rain", "wind"],
    ["card", "declined"],
  ]);
  const airline = Array.from({ length: 20 }, (_, i) => `@airline ${i % 2 ? "lost my bag" : "the crew was kind"} ${i}x`);
  const found = await wordsOf(
    airline,
    airline.map((_, i) => i % 2),
    3,
  );
  assert.deepEqual(
    found.map((words) => words.includes("airline")),
    [false, false],
  );
  assert.ok(found[0].includes("crew") && found[1].includes("bag"), String(found));
});

test("topic words in other languages, and of topics that have only function words", async () => {
  const german = ["Wo bleibt denn nur meine Karte?", "Die Karte ist noch nicht da", "Meine Karte wurde mir gestohlen"];
  const english = ["Where is my new card? It is not here", "They took my card from me", "I want to have a card"];
  const texts = Array.from({ length: 8 }, () => [...german, ...english]).flat();
  const topics = texts.map((_, i) => Math.floor(i / 3) % 2);
  const [first, second] = await wordsOf(texts, topics, 3);
  assert.equal(first[0], "karte");
  assert.equal(second[0], "card");
  assert.ok(!["die", "nicht", "noch", "meine"].some((word) => first.includes(word)), String(first));
  const chinese = ["今天天气很好", "明天有雨天气", "银行卡丢了", "我的银行卡在哪"];
  const [weather, bank] = await wordsOf(chinese, [0, 0, 1, 1], 3);
  assert.ok(weather.includes("天气") && bank.some((word) => word.startsWith("银行")), `${weather} ${bank}`);
  assert.deepEqual(await wordsOf(["what is this and why", "where were they and who", "what is this"], [0, 1, 0], 1), [
    ["is"],
    ["they"],
  ]);
});

test("examples are rows of the topic with different texts, the nearest to its centre first", () => {
  const vectors = Float32Array.of(1, 0, 1, 0, 0.8, 0.6, 0.9, Math.sqrt(0.19), 0, 1);
  const found = typicalRows(["a", "a", "b", "c", "d"], vectors, 2, Int32Array.of(0, 0, 0, 0, 1), 2, 2);
  assert.deepEqual(found, [[3, 0], [4]]);
});

test("places: rows of a group lie nearer to each other than to the others; the same seed, the same places", async () => {
  const vectors = grouped(200, 3);
  const { graph } = await findTopics(texts(200), vectors, dim, { topics: "auto", seed: 0 });
  const places = await placeRows(vectors, dim, graph!, 1);
  const far = (a: number, b: number) =>
    Math.hypot(places[2 * a] - places[2 * b], places[2 * a + 1] - places[2 * b + 1]);
  let [own, others] = [0, 0];
  for (let row = 0; row < 160; row++) {
    own += far(row, row + groups);
    others += far(row, row + 1);
  }
  assert.ok(own < 0.5 * others, `${own} ${others}`);
  assert.deepEqual(await placeRows(vectors, dim, graph!, 1), places);
});

test("no text of a row can end the map's script or add to its page", () => {
  const page = renderMap({
    title: "<b>",
    texts: ["</script><script>alert(1)</script>", "<!-- x"],
    places: Float64Array.of(0, 0, 1, 1),
    columns: [{ name: "<i>", values: ["</script>", null] }],
  });
  assert.equal(page.match(/<\/script>/g)?.length, 2);
  assert.ok(!page.includes("<b>") && !page.includes("<i>") && !page.includes("<!-- x"));
  assert.ok(!/(src|href)=|https?:/.test(page));
});

/** What the page's script reads. */
const dataOf = (page: string) =>
  JSON.parse(page.match(/<script type="application\/json" id="data">(.*?)<\/script>/s)![1]);

test("the map: outliers do not shrink the cloud, and keep their order", () => {
  const total = 400;
  const random = createRandom(4);
  const places = Float64Array.from({ length: 2 * total }, () => 10 * random.float());
  places.set([500, -900, 700, 5], 0);
  const page = renderMap({
    title: "t",
    texts: Array(total).fill("a"),
    places,
    columns: [{ name: "n", values: Array(total).fill(null) }],
  });
  const drawn: number[] = dataOf(page).places;
  assert.ok(Math.max(...drawn) < 13 && Math.min(...drawn) > -3, `${Math.min(...drawn)} ${Math.max(...drawn)}`);
  assert.ok(drawn[0] > 10 && drawn[2] >= drawn[0] && drawn[1] < 0);
  for (let i = 4; i < 2 * total; i++) assert.ok(Math.abs(drawn[i] - places[i]) < 0.002);
});

test("the map tells examples and shares of the values that are chosen, in the order of its list", () => {
  const details = new Map([
    ["1 rain", { short: "rain", examples: ["rain today", "<i>"], shares: [["north", 0.25] as const] }],
    ["2 card", { short: "card", examples: [] }],
  ]);
  const columns = [{ name: "topic", values: ["2 card", "2 card", "1 rain", null], details }];
  const page = renderMap({ title: "t", texts: Array(4).fill("a"), places: new Float64Array(8), columns, by: "area" });
  const { columns: told, by } = dataOf(page);
  assert.equal(by, "area");
  assert.deepEqual(told[0].short, ["card", "rain"]);
  assert.deepEqual(told[0].details[1], { examples: ["rain today", "<i>"], shares: [["north", 0.25]] });
  assert.match(page, /@media \(max-width: 700px\)/);
});

test("shares of topics in groups, the largest group first", () => {
  assert.deepEqual(topicShares(["b", "a", "b", null, "b", "a"], [0, 1, 0, 1, -1, 0], 2), [
    { value: "b", rows: 3, shares: [2 / 3, 0] },
    { value: "a", rows: 2, shares: [1 / 2, 1 / 2] },
    { value: null, rows: 1, shares: [0, 1] },
  ]);
});
