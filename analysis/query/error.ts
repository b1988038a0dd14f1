/** The SQL is wrong, or DuckDB is not here. */
export class QueryError extends Error {
  override readonly name = 'QueryError';
}
