// Draws the pictures of docs/from-counts-to-meaning.md: npm run build && node scripts/draw-counts-guide.mjs <table> <column>
// They were drawn from 40 English novels. Every step is the library's own; only the drawing is here.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { embeddings, tables } from "../dist/src/index.js";

const { countPairs, createPool, fitGlove, ppmi, randomVectors, readBlock, readCorpus, truncatedSvd } = embeddings;
const groups = [
  ["king", "queen", "prince", "princess", "lord", "duke"],
  ["london", "paris", "rome", "england", "france", "italy"],
  ["bread", "wine", "tea", "meat", "dinner", "breakfast"],
  ["horse", "carriage", "road", "coach", "ship", "sea"],
];
const colours = ["#1f6feb", "#bf3989", "#1a7f37", "#9a6700"];
const shown = groups.flat();
const dim = 100;
const [path, column] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "columnist-guide-"));
const pool = createPool(2);
try {
  const table = await tables.openTable({ path });
  const corpus = await readCorpus(tables.streamTexts(table, { text: [column] }), {
    minCount: 5,
    lowercase: true,
    folder,
  });
  table.close();
  const rows = shown.map((word) => corpus.words.indexOf(word));
  if (rows.includes(-1)) throw new Error(`these words are missing: ${shown.filter((_, i) => rows[i] < 0).join(", ")}`);
  const some = { window: 5, subsample: 1e-4, seed: 0, folder };
  draw("random", scatter(randomVectors(corpus.words, { dim, seed: 0 }).vectors, rows));
  const counts = await countPairs(corpus, { ...some, distanceWeight: "dynamic" }, pool);
  draw("counts", heatMap(valuesOf(counts.matrix, rows, 0).map((value) => value / counts.unit)));
  const matrix = await ppmi(counts, { folder }, pool);
  draw("ppmi", heatMap(valuesOf(matrix, rows, 0)));
  const { left } = await truncatedSvd(matrix, { dim, seed: 0, threads: 2 });
  draw("svd", scatter(left, rows));
  const harmonic = await countPairs(corpus, { ...some, distanceWeight: "harmonic", subsample: 0 }, pool);
  const start = left.map((value) => value * Math.sqrt(corpus.words.length / dim));
  const fitted = await fitGlove(harmonic, { dim, epochs: 10, seed: 0, threads: 2, folder, start });
  draw("refined", scatter(fitted, rows));
} finally {
  await pool.close();
  rmSync(folder, { recursive: true, force: true });
}

function draw(name, svg) {
  writeFileSync(`docs/images/counts-${name}.svg`, `${svg}\n`);
}

/** The chosen words' part of a sparse matrix, row-major. */
function valuesOf({ blocks }, rows, series) {
  const placeOf = new Map(rows.map((row, place) => [row, place]));
  const values = new Array(rows.length ** 2).fill(0);
  for (const block of blocks) {
    const { starts, columns, values: all } = readBlock(block, series);
    for (const [place, row] of rows.entries()) {
      const at = row - block.firstRow;
      if (at < 0 || at >= block.rows) continue;
      for (let k = starts[at]; k < starts[at + 1]; k++) {
        const other = placeOf.get(columns[k]);
        if (other !== undefined) values[place * rows.length + other] = all[0][k];
      }
    }
  }
  return values;
}

function heatMap(values) {
  const [cell, left, top] = [17, 76, 72];
  const size = shown.length;
  const most = Math.max(...values.map((value) => Math.log1p(value)));
  const parts = shown.flatMap((word, i) => [
    label(left - 6, top + i * cell + 13, word, i, 'text-anchor="end"'),
    `<g transform="translate(${left + i * cell + 12} ${top - 6}) rotate(-60)">${label(0, 0, word, i)}</g>`,
  ]);
  for (const [i, value] of values.entries()) {
    const [x, y] = [left + (i % size) * cell, top + Math.floor(i / size) * cell];
    const strength = (Math.log1p(value) / most).toFixed(2);
    parts.push(
      `<rect x="${x}" y="${y}" width="${cell - 1}" height="${cell - 1}" fill="#1f6feb" fill-opacity="${strength}"/>`,
    );
  }
  return svg(left + size * cell + 40, top + size * cell + 8, parts);
}

/** The two directions in which the chosen words' unit vectors differ most. */
function scatter(vectors, rows) {
  const [width, height] = [620, 340];
  const points = rows.map((row) => unit(Array.from(vectors.subarray(row * dim, (row + 1) * dim))));
  const mean = points[0].map((_, d) => points.reduce((sum, point) => sum + point[d], 0) / points.length);
  const centred = points.map((point) => point.map((value, d) => value - mean[d]));
  const first = direction(centred);
  const rest = centred.map((point) => point.map((value, d) => value - dot(point, first) * first[d]));
  const second = direction(rest);
  const places = centred.map((point) => [dot(point, first), dot(point, second)]);
  const scale = (axis, size) => {
    const values = places.map((place) => place[axis]);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return (value) => (30 + ((size - 90) * (value - low)) / (high - low || 1)).toFixed(1);
  };
  const [x, y] = [scale(0, width), scale(1, height)];
  const parts = places.flatMap(([a, b], i) => [
    `<circle cx="${x(a)}" cy="${y(b)}" r="3.5" fill="${colourOf(i)}"/>`,
    label(Number(x(a)) + 6, Number(y(b)) + 4, shown[i], i),
  ]);
  return svg(width, height - 30, parts);
}

function direction(points) {
  let found = unit(points[0].map((_, d) => Math.sin(d + 1)));
  for (let step = 0; step < 300; step++) {
    const next = new Array(found.length).fill(0);
    for (const point of points) {
      const along = dot(point, found);
      for (let d = 0; d < next.length; d++) next[d] += along * point[d];
    }
    found = unit(next);
  }
  return found;
}

function dot(a, b) {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}

function unit(vector) {
  const length = Math.sqrt(dot(vector, vector)) || 1;
  return vector.map((value) => value / length);
}

function colourOf(i) {
  return colours[Math.floor(i / groups[0].length)];
}

function label(x, y, text, i, more = "") {
  return `<text x="${x}" y="${y}" fill="${colourOf(i)}" ${more}>${text}</text>`;
}

function svg(width, height, parts) {
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
    `font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="#ffffff"/>${parts.join("")}</svg>`
  );
}
