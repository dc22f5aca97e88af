// Rows of a Parquet file with a column of vectors: the most similar ones by DuckDB's array functions, and rows by number.
import { bareName } from "./column-names.js";
import { explained, identifier, literal, openDatabase } from "./database.js";
import { textSql } from "./text-sql.js";

export interface VectorRows {
  path: string;
  /** The column of vectors: the last one, FLOAT[dim]. */
  dim: number;
  /** Columns of the text, joined by a newline. */
  text: readonly string[];
}

export interface RowMatch {
  /** Number of the row, from 0. */
  row: number;
  text: string;
  similarity: number;
}

/** The `count` rows with the largest cosine; rows without a vector are skipped. All rows are compared. */
export function nearestVectorRows(rows: VectorRows, vector: Float32Array, count: number): Promise<RowMatch[]> {
  const asked = `[${Array.from(vector).join(", ")}]::FLOAT[${rows.dim}]`;
  return withRows(rows, async (run, text, vectors) => {
    const best =
      `SELECT file_row_number AS row, array_cosine_similarity(${vectors}::FLOAT[${rows.dim}], ${asked}) AS similarity ` +
      `FROM source WHERE ${vectors} IS NOT NULL ORDER BY similarity DESC, row LIMIT ${count}`;
    const found = await run(best);
    const texts = await textsOf(
      run,
      text,
      found.map(([row]) => Number(row)),
    );
    return found.map(([row, similarity]) => ({
      row: Number(row),
      text: texts.get(Number(row)) ?? "",
      similarity: Number(similarity),
    }));
  });
}

/** The texts of the given rows. */
export function vectorRowTexts(rows: VectorRows, numbers: readonly number[]): Promise<Map<number, string>> {
  return withRows(rows, (run, text) => textsOf(run, text, numbers));
}

type Run = (sql: string) => Promise<unknown[][]>;

async function textsOf(run: Run, text: string, numbers: readonly number[]): Promise<Map<number, string>> {
  if (numbers.length === 0) return new Map();
  const found = await run(
    `SELECT file_row_number, ${text} FROM source WHERE file_row_number IN (${numbers.join(", ")})`,
  );
  return new Map(found.map(([row, one]) => [Number(row), String(one)]));
}

async function withRows<T>(
  { path, text }: VectorRows,
  work: (run: Run, text: string, vectors: string) => Promise<T>,
): Promise<T> {
  const database = await openDatabase({ reads: [path] });
  try {
    return await explained(path, async () => {
      const run: Run = async (sql) => (await database.connection.runAndReadAll(sql)).getRows();
      await run(
        `CREATE VIEW source AS FROM read_parquet(${literal(database.pathOf(path))}, file_row_number = true, hive_partitioning = false)`,
      );
      const columns = (await run("DESCRIBE source")).map(([name, type]) => ({
        name: String(name),
        type: String(type),
        sql: identifier(String(name)),
      }));
      const vectors = columns.filter(({ type }) => type.startsWith("FLOAT[")).at(-1)?.name ?? "vector";
      const texts = text.map(
        (name) =>
          columns.find((column) => bareName(column.name) === bareName(name)) ?? {
            type: "VARCHAR",
            sql: identifier(name),
          },
      );
      return work(run, textSql(texts), identifier(vectors));
    });
  } finally {
    database.close();
  }
}
