// Tables: reading texts and labels, splitting rows, writing predictions beside them.

export { type AppendOptions, appendColumns, type NewColumn, type NewValues, type Score } from "./append-columns.js";
export { bareName } from "./column-names.js";
export { isLabelType } from "./label-types.js";
export { type CommandPaths, checkOutputs } from "./outputs.js";
export { type RowGroups, readGroups } from "./read-groups.js";
export {
  holdsLists,
  type LabelValue,
  type RowsToRead,
  readTextAndLabels,
  readTexts,
  sampleColumns,
  sampleTexts,
  type TextRows,
} from "./read-rows.js";
export { checkSelectTarget, type SelectOptions, selectRows } from "./select-rows.js";
export { type OpenOptions, openTable, type TableSource } from "./source.js";
export { stratifiedSplit } from "./split.js";
export { streamTexts, type TextBatch } from "./stream-texts.js";
export { type Column, columnList, countRows, hasColumn, hasRows, type Table } from "./table.js";
export { nearestVectorRows, type RowMatch, type VectorRows, vectorRowTexts } from "./vector-rows.js";
export { type WriteRowsOptions, writeRows } from "./write-rows.js";
