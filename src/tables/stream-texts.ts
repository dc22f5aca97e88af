// The texts of a table as a stream, in bounded memory: for corpora larger than memory. Knows nothing of models.
import type { DuckDBConnection } from "@duckdb/node-api";
import { isOutOfMemory, readingLimit, streamingMemory } from "./database.js";
import { accessOf, checkCount, findColumns, mustHaveRows, streamColumns, type Table } from "./table.js";
import { textPieces } from "./text-files.js";
import { joinTexts, textParts } from "./text-sql.js";

/** Some texts in the order of the table. */
export interface TextBatch {
  /** One for each row, "" if there is none; a long text file comes in pieces. */
  texts: string[];
  /** The last text is incomplete: the first of the next batch continues it. */
  continues: boolean;
}

/** A batch has about so many UTF-16 units at most, unless one text has more, and so many texts. */
const batchLength = 1 << 21;
const batchTexts = 2048;

/**
 * Reads texts: several columns are joined by a newline, NULL and empty ones omitted. A plain text file is one text,
 * whatever its lines; its column is named `text`, which is the default there. A long file is split before white
 * space, so that tokenizers give the same result as for the whole.
 *
 * @throws UserError for a wrong column, and for rows that cannot be read.
 * @example
 * const table = await openTable({ path: "novels/*.txt" });
 * for await (const { texts, continues } of streamTexts(table, { text: [] })) console.log(texts.length, continues);
 * table.close();
 */
export async function* streamTexts(table: Table, { text }: { text: readonly string[] }): AsyncGenerator<TextBatch> {
  mustHaveRows(table);
  const { textFiles } = accessOf(table);
  if (textFiles && (text.length === 0 || (text.length === 1 && text[0].trim().toLowerCase() === "text")))
    yield* readFiles(textFiles);
  else yield* readRows(table, text);
}

async function* readFiles(files: readonly string[]): AsyncGenerator<TextBatch> {
  let texts: string[] = [];
  let length = 0;
  for (const file of files)
    for await (const { text, isLast } of textPieces(file)) {
      texts.push(text);
      length += text.length;
      if (isLast && length < batchLength && texts.length < batchTexts) continue;
      yield { texts, continues: !isLast };
      texts = [];
      length = 0;
    }
  if (texts.length > 0) yield { texts, continues: false };
}

async function* readRows(table: Table, text: readonly string[]): AsyncGenerator<TextBatch> {
  const { database, relation, reading } = accessOf(table);
  const sql = `SELECT ${textParts(findColumns(table, text)).join(", ")} FROM ${relation}`;
  const chunks = lowMemory(database.connection, sql);
  let rows = 0;
  try {
    for (;;) {
      const chunk = await reading(() => chunks.next());
      if (chunk.done) break;
      const column = joinTexts(chunk.value);
      rows += column.length;
      let from = 0;
      let length = 0;
      for (let i = 0; i < column.length; i++) {
        length += column[i].length;
        if (length < batchLength && i + 1 < column.length) continue;
        yield { texts: column.slice(from, i + 1), continues: false };
        from = i + 1;
        length = 0;
      }
    }
  } finally {
    await chunks.return(undefined);
  }
  checkCount(table, rows);
}

/** Columns, in little memory; from where a row needs more, in all that DuckDB may take. */
async function* lowMemory(connection: DuckDBConnection, sql: string): AsyncGenerator<unknown[][]> {
  let rows = 0;
  let free: () => Promise<unknown> = async () => {};
  try {
    ({ free } = await streamingMemory(connection, readingLimit));
    for await (const columns of streamColumns(connection, sql)) {
      rows += columns[0].length;
      yield columns;
    }
  } catch (error) {
    if (!isOutOfMemory(error)) throw error;
    await free();
    yield* streamColumns(connection, `${sql} OFFSET ${rows}`);
  } finally {
    await free().catch(() => undefined);
  }
}
