// One table with nothing wrong, and tables in which one thing is planted: it is found, counted, and nothing else is told.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../base/random.js";
import type { LabelledTable, LabelValue, TaskName } from "../tasks/index.js";
import { tasks } from "../tasks/tasks.js";
import { findProblems } from "./checks.js";
import type { Finding, FindingKind } from "./finding.js";

const random = createRandom(11);
const pick = <T>(values: readonly T[]): T => values[random.integer(values.length)];
const list = (text: string) => text.split(" ");
const subjects: Record<string, string[]> = {
  billing: list("invoice refund charge payment bank price discount account receipt tax"),
  delivery: list("parcel courier address shipment tracking warehouse van doorstep package customs"),
  quality: list("scratch screen battery noise smell colour fabric zip button crack"),
};
const verbs = list("arrived broke changed vanished doubled stopped appeared failed moved doubled");
const times = list("yesterday today overnight lately again twice suddenly finally soon already");
const people = list("neighbour sister manager friend colleague husband daughter landlord");

/** Of a made-up language, so that no two sentences are alike. */
const names = Array.from({ length: 600 }, () =>
  Array.from({ length: 6 + random.integer(4) }, () => pick(list("a e i o u r s t n l m k d v b"))).join(""),
);

/** Unlike each other: what a topic says stands among words that all have. */
function sentence(label: string): string {
  const own = subjects[label];
  const parts = [
    `the ${pick(own)} of my ${pick(people)} ${pick(verbs)} ${pick(times)}`,
    `and then the ${pick(own)} with its ${pick(own)} was ${pick(list("gone late wrong odd bad new"))}`,
    `because a ${pick(people)} had ${pick(list("lost found seen sent bought kept"))} it in the ${pick(list("street house office shop garden"))}`,
  ];
  const said = random
    .shuffle(parts)
    .slice(0, 2)
    .join(` of ${pick(names)} `);
  return `${pick(list("Sadly Honestly Apparently Somehow Maybe Clearly"))} ${said} with ${pick(names)} and ${pick(names)}.`;
}

interface Rows {
  texts: string[];
  labels: LabelValue[];
}

function cleanRows(count: number): Rows {
  const names = Object.keys(subjects);
  const labels = random.shuffle(Array.from({ length: count }, (_, i) => names[i % 3]));
  const seen = new Set<string>();
  const texts = labels.map((label) => {
    let text = sentence(label);
    while (seen.has(text)) text = sentence(label);
    seen.add(text);
    return text;
  });
  return { texts, labels };
}

function table({ texts, labels }: Rows, source: string): LabelledTable {
  return {
    ...{ source, labelColumn: "team", texts, labels, places: [...texts.keys()], others: {} },
    ...{ skippedEmptyText: 0, skippedEmptyLabel: 0, unfit: { rows: 0, example: "", noun: "a label" } },
  };
}

async function check(
  rows: Rows,
  {
    test,
    columns = {},
    taskName = "classify",
    ...more
  }: { test?: Rows; columns?: Record<string, (string | null)[]>; taskName?: TaskName } & Partial<LabelledTable> = {},
): Promise<Finding[]> {
  const task = await tasks[taskName].load();
  const training = { ...table(rows, "rows.csv"), ...more };
  const { space } = task.plan(training, [...rows.texts.keys()], { manyLabels: false });
  const sampled = {
    // Columns are those of all rows, whether they have a label or not.
    places: [...(Object.values(columns)[0] ?? rows.texts).keys()],
    columns: Object.entries(columns).map(([name, values]) => ({ name, values, isText: false })),
  };
  return findProblems({ taskName, task, space, training, test: test && table(test, "test.csv"), sampled, seed: 1 });
}

const kinds = (findings: readonly Finding[]) => findings.map(({ kind }) => kind);

/** The finding of a kind, told alone. */
function only(findings: readonly Finding[], kind: FindingKind): Finding {
  assert.deepEqual(kinds(findings), [kind], JSON.stringify(findings.map(({ message }) => message)));
  return findings[0];
}

const clean = cleanRows(600);
const test2 = cleanRows(150);
const copyOf = ({ texts, labels }: Rows): Rows => ({ texts: [...texts], labels: [...labels] });

test("nothing is told of rows with nothing wrong, whatever the task", async () => {
  assert.deepEqual(kinds(await check(clean, { test: test2 })), []);
  const sets = clean.labels.map((label, i) => (i % 4 === 0 ? `${label};late` : String(label)));
  assert.deepEqual(kinds(await check({ texts: clean.texts, labels: sets }, { taskName: "multilabel" })), []);
  const numbers = clean.labels.map((label) => String(String(label).length + random.integer(3)));
  assert.deepEqual(kinds(await check({ texts: clean.texts, labels: numbers }, { taskName: "regression" })), []);
});

test("copies between the tables and within them are all found, also in other case, spacing, signs and a letter off", async () => {
  const test = copyOf(test2);
  for (const [at, rewrite] of [
    (t: string) => t,
    (t: string) => `  ${t.toUpperCase()} `,
    (t: string) => t.replace(/ /g, ", "),
    (t: string) => t.replace("e", ""),
  ].entries()) {
    test.texts[10 * at] = rewrite(clean.texts[at]);
    test.labels[10 * at] = clean.labels[at];
  }
  const leaks = await check(clean, { test });
  assert.deepEqual(kinds(leaks), ["train-test-duplicates", "train-test-duplicates"]);
  const [leak, nearly] = leaks;
  assert.deepEqual([leak.rows, leak.details.testRows], [3, [1, 11, 21]]);
  assert.deepEqual([nearly.rows, nearly.details.testRows], [1, [31]]);
  assert.deepEqual([leak.examples[0].table, leak.examples[0].row, leak.examples[0].like?.row], ["test", 1, 1]);
  assert.ok(leak.effect && leak.effect.rows.with - leak.effect.rows.without === 3);

  const twice = {
    texts: [...clean.texts, ...clean.texts.slice(0, 90)],
    labels: [...clean.labels, ...clean.labels.slice(0, 90)],
  };
  const within = only(await check(twice), "duplicates");
  assert.deepEqual([within.rows, within.details.match, within.details.groups], [90, "exact", 90]);
  assert.ok(within.effect && within.effect.with >= within.effect.without);
});

test("the same text with other labels", async () => {
  const rows = {
    texts: [...clean.texts, clean.texts[0], clean.texts[1], clean.texts[1]],
    labels: [...clean.labels, "other", "other", clean.labels[1]],
  };
  const found = await check(rows);
  const conflict = found.find(({ kind }) => kind === "conflicting-labels");
  assert.deepEqual([conflict?.rows, conflict?.details.texts, conflict?.details.neverRight], [5, 2, 2]);
  assert.deepEqual(kinds(found), ["duplicates", "conflicting-labels", "small-classes"]);
});

test("what gives the label away: its name in the text, a signature, a mark, a column", async () => {
  const named = {
    ...clean,
    texts: clean.texts.map((text, i) => (i % 3 === 0 ? `${text} Forwarded to ${String(clean.labels[i])}` : text)),
  };
  const name = only(await check(named), "label-in-text");
  assert.deepEqual([name.rows, name.isEstimate], [200, undefined]);
  assert.equal(name.effect?.how, "with the names of labels cut out");

  // A name that one label's texts have, and that others do not.
  const single = {
    ...clean,
    texts: clean.texts.map((text, i) => (clean.labels[i] === "billing" && i % 2 ? `${text} (Billing)` : text)),
  };
  const one = (await check(single)).find(({ kind }) => kind === "label-in-text");
  assert.deepEqual(one?.details.labels, ["billing"]);

  const signature = "Kind regards, your friends from the second floor";
  const isSigned = (i: number) => clean.labels[i] === "delivery" && i % 2 === 0;
  const signed = { ...clean, texts: clean.texts.map((text, i) => (isSigned(i) ? `${text}\n${signature}` : text)) };
  const phrase = only(await check(signed), "giveaway-phrase");
  assert.equal(phrase.rows, clean.texts.filter((_, i) => isSigned(i)).length);
  assert.match(phrase.message, /second floor” stands in .* are 'delivery'$/);

  const marked = {
    ...clean,
    texts: clean.texts.map((text, i) => (clean.labels[i] === "quality" ? `[Q7] ${text}` : text)),
  };
  assert.equal(only(await check(marked), "giveaway-phrase").details.phrase, "[Q7]");

  const codes: Record<string, string> = { billing: "17", delivery: "23", quality: "42" };
  const columns = {
    code: clean.labels.map((label) => codes[String(label)]),
    // Told by nobody: as many values as rows, and values that say nothing.
    id: clean.labels.map((_, i) => String(i)),
    colour: clean.labels.map(() => pick(["red", "blue", null])),
  };
  const column = only(await check(clean, { columns }), "giveaway-column");
  assert.deepEqual([column.details.column, column.rows], ["code", 600]);
});

test("signs in phrases, marks and names of labels are what they are", async () => {
  const isOwn = (i: number) => clean.labels[i] === "delivery";
  const withSign = (rewrite: (text: string) => string) =>
    check({ ...clean, texts: clean.texts.map((text, i) => (isOwn(i) ? rewrite(text) : text)) });
  for (const [phrase, rewrite] of [
    [
      "please don't hesitate to write to our office",
      (t: string) => `${t} Please don't hesitate to write to our office`,
    ],
    ["Ref:", (t: string) => `Ref: ${t}`],
    ["[#tag]", (t: string) => `[#tag] ${t}`],
    ["- Anna", (t: string) => `${t} - Anna`],
    ["<p>", (t: string) => `<p> ${t}`],
  ] as const) {
    const found = only(await withSign(rewrite), "giveaway-phrase");
    assert.deepEqual([found.details.phrase, found.rows], [phrase, 200]);
    assert.ok(found.effect);
  }
  const labels = clean.labels.map((label) => (label === "delivery" ? "women's" : label));
  const texts = clean.texts.map((text, i) => (isOwn(i) && i % 2 ? `${text} (Women's)` : text));
  const named = (await check({ texts, labels })).find(({ kind }) => kind === "label-in-text");
  assert.deepEqual(named?.details.labels, ["women's"]);
  assert.ok(named?.effect);
});

test("a phrase is counted where it stands, as words of its own, and tells the label of the rows that are counted", async () => {
  const isOwn = (i: number) => clean.labels[i] === "delivery";
  const others = random.shuffle([...clean.labels.keys()].filter((i) => !isOwn(i)));
  const [some, few] = [new Set(others.slice(0, 90)), new Set(others.slice(90, 110))];
  const found = async (rewrite: (text: string, i: number) => string) =>
    only(await check({ ...clean, texts: clean.texts.map(rewrite) }), "giveaway-phrase");

  const ended = await found((t, i) =>
    isOwn(i) ? `${t} Ok!` : `${some.has(i) ? "My book is ok: " : few.has(i) ? "A book: " : ""}${t}`,
  );
  assert.deepEqual([ended.details.phrase, ended.details.precision, ended.rows], ["ok", 1, 200]);
  assert.match(ended.message, /^“ok” stands at the end of 200 rows, and 100 % of them are 'delivery'$/);

  const marked = await found((t, i) =>
    isOwn(i) ? `Ref: ${t}` : some.has(i) ? `A href: ${t}` : few.has(i) ? `By ref: ${t}` : t,
  );
  assert.deepEqual([marked.details.phrase, marked.details.precision, marked.rows], ["Ref:", 200 / 220, 220]);
  assert.match(marked.message, /^“Ref:” stands in 220 rows, and 91 % of them are 'delivery'$/);
});

test("what tells a label is compared with the training rows, whatever the labels of the test table", async () => {
  const other = cleanRows(1500);
  const kept = other.labels.map((label, i) => label === "billing" || i < 75);
  const test = { texts: other.texts.filter((_, i) => kept[i]), labels: other.labels.filter((_, i) => kept[i]) };
  const isOwn = (i: number) => clean.labels[i] === "billing";
  const findings = async (rewrite: (text: string, i: number) => string, kind: FindingKind) =>
    (await check({ ...clean, texts: clean.texts.map(rewrite) }, { test })).find((one) => one.kind === kind);
  const signed = await findings(
    (text, i) => (isOwn(i) && i % 5 < 3 ? `${text} Yours ever Zed` : text),
    "giveaway-phrase",
  );
  const share = clean.labels.filter((_, i) => isOwn(i) && i % 5 < 3).length / 200;
  assert.ok(Math.abs((signed?.details.coverage as number) - share) < 1e-9);
  // 91 % of the texts that name it have it: far more than a third of the training rows, hardly more than the rows of both tables.
  const odd = new Set([...clean.labels.keys()].filter((i) => !isOwn(i)).slice(0, 20));
  const named = await findings((text, i) => (isOwn(i) || odd.has(i) ? `${text} (Billing)` : text), "label-in-text");
  assert.deepEqual(named?.details.labels, ["billing"]);
});

test("of two labels with the same words their name in a text is that of the more frequent one", async () => {
  const labels = [...clean.labels.slice(0, -1), "DELIVERY"];
  const texts = clean.texts.map((text, i) => (labels[i] === "delivery" ? `${text} (Delivery)` : text));
  const named = (await check({ texts, labels })).find(({ kind }) => kind === "label-in-text");
  assert.deepEqual(
    [named?.rows, named?.details.labels],
    [labels.filter((one) => one === "delivery").length, ["delivery"]],
  );
});

test("an order of the rows, by label and by time; a test table from another world; labels that it alone has", async () => {
  const order = [...clean.labels.keys()].sort((a, b) => (String(clean.labels[a]) < String(clean.labels[b]) ? -1 : 1));
  const sorted = { texts: order.map((i) => clean.texts[i]), labels: order.map((i) => clean.labels[i]) };
  assert.match(
    only(await check(sorted), "ordered-rows").message,
    /in order of their labels: .* \('\w+' 100 % and 0\.0 %; /,
  );
  // Four of a label at a time: it changes from row to row in 25 % of the cases, in no order in 67 %.
  const byLabel = Object.keys(subjects).map((label) =>
    [...clean.labels.keys()].filter((i) => clean.labels[i] === label),
  );
  const inFours = Array.from(
    { length: 420 },
    (_, i) => byLabel[Math.floor(i / 4) % 3][4 * Math.floor(i / 12) + (i % 4)],
  );
  const fours = { texts: inFours.map((i) => clean.texts[i]), labels: inFours.map((i) => clean.labels[i]) };
  const changes = only(await check(fours), "ordered-rows").details.labelChanges as number;
  assert.ok(Math.abs(changes - 0.375) < 0.03, String(changes));

  const day = (i: number) => new Date(Date.UTC(2024, 0, 1) + i * 3_600_000).toISOString().slice(0, 10);
  const columns = { date: clean.texts.map((_, i) => day(i)), number: clean.texts.map((_, i) => String(i)) };
  assert.equal(only(await check(clean, { columns }), "ordered-rows").details.sortedBy, "date");

  const other = copyOf(test2);
  other.labels.fill("billing", 0, 130);
  other.labels[149] = "legal";
  assert.deepEqual(kinds(await check(clean, { test: other })), ["different-test", "unseen-labels"]);
});

test("other languages and scripts, machines, broken characters, nothing at all, far too long", async () => {
  const foreign = copyOf(clean);
  foreign.texts[5] = "Leider ist das Paket nicht angekommen, obwohl ich es vor zwei Wochen bei Ihnen bestellt habe.";
  foreign.texts[60] = "Je n'ai pas encore reçu ma commande et personne ne répond à mes messages depuis une semaine.";
  foreign.texts[100] = "Моя посылка так и не пришла";
  foreign.texts[200] = "荷物がまだ届いていません";
  foreign.texts[201] = "Wo ist meine Karte?";
  const mix = only(await check(foreign), "language-mix");
  assert.equal(mix.rows, 5);
  assert.deepEqual(mix.details.main, "English");
  assert.deepEqual(Object.keys(mix.details.languages as object).sort(), [
    "Chinese or Japanese",
    "French",
    "German",
    "one in Cyrillic script",
  ]);

  const machine = copyOf(clean);
  for (let i = 0; i < 12; i++) machine.texts[3 * i] = `Your order number ${1000 + 37 * i} of today was shipped.`;
  for (let i = 0; i < 4; i++) machine.texts[100 + i] = JSON.stringify({ event: "click", at: i, user: `u${i}` });
  const made = (await check(machine)).find(({ kind }) => kind === "machine-made-texts");
  assert.deepEqual(made?.details.kinds, { "a template with other numbers": 12, JSON: 4 });

  const spoilt = copyOf(clean);
  spoilt.texts[7] = spoilt.texts[7].replace("the", "cafÃ©");
  spoilt.texts[8] = `${spoilt.texts[8]} itâ€™s`;
  spoilt.texts[20] = "...";
  spoilt.texts[21] = "N/A";
  spoilt.texts[22] = ":-)";
  spoilt.texts[30] = `${sentence("billing")} `.repeat(200);
  const found = await check(spoilt, { skippedEmptyText: 3 });
  assert.deepEqual(kinds(found), ["broken-characters", "empty-texts", "long-texts"]);
  assert.deepEqual(
    found.map(({ rows }) => rows),
    [2, 5, 1],
  );
});

test("labels: few rows, several spellings; identifiers in the texts", async () => {
  const few = copyOf(clean);
  few.labels[3] = "legal";
  few.labels[9] = "Billing";
  few.labels[12] = "billing ";
  const found = await check(few);
  assert.deepEqual(kinds(found), ["similar-labels", "small-classes"]);
  assert.deepEqual([found[0].rows, found[1].rows], [2, 3]);

  const numbered = { ...clean, texts: clean.texts.map((text, i) => `${text} Ticket ${48_211_000 + 7 * i}`) };
  assert.deepEqual([only(await check(numbered), "identifiers").rows], [600]);

  // Keys of a column in 31 % of the rows with a label, of a table in which every tenth has none.
  const places = [...clean.texts.keys()].filter((i) => i % 10 > 0);
  const key = (i: number) => `${names[i]}${names[(i + 1) % 600]}`;
  const keyed = {
    texts: places.map((i, row) => (row < 168 ? `${clean.texts[i]} ${key(i)}` : clean.texts[i])),
    labels: places.map((i) => clean.labels[i]),
  };
  const own = only(await check(keyed, { places, columns: { key: clean.texts.map((_, i) => key(i)) } }), "identifiers");
  assert.deepEqual([own.rows, own.isEstimate, own.effect, own.details.column], [168, undefined, undefined, "key"]);
  assert.match(own.message, /'key' stands in the text of 168 rows \(31 %\)/);
});
