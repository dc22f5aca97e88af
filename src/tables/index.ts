// Tables: reading texts and labels, splitting rows, writing predictions beside them.
export { readTextAndLabels, readTexts, type TextRows } from "./read-rows.js";
export { type NewColumn, type NewValues, type Score, type ScoreOptions, scoreTable } from "./score-table.js";
export { checkSelectTarget, type SelectOptions, selectRows } from "./select-rows.js";
export { openTable, type TableSource } from "./source.js";
export { stratifiedSplit } from "./split.js";
export { streamTexts, type TextBatch } from "./stream-texts.js";
export { type Column, countRows, hasColumn, type Table } from "./table.js";
export { nearestVectorRows, type RowMatch, type VectorRows, vectorRowTexts } from "./vector-rows.js";
export { type WriteRowsOptions, writeRows } from "./write-rows.js";
