// The only place that loads DuckDB. With require: for an import Node first looks through the text of each of its 187 files for
// names that they export, which takes longer than running them.
import duckdb = require("@duckdb/node-api");
export default duckdb;
