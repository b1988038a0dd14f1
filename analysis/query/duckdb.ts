/** DuckDB, as far as we use it; an optional package, so none of its types are needed to build. */

export interface Connection {
  run(sql: string): Promise<unknown>;
  extractStatements(sql: string): Promise<Statements>;
  closeSync(): void;
}

interface Statements {
  readonly count: number;
  prepare(index: number): Promise<Prepared>;
}

export interface Prepared {
  /** 1: a query; 16: an explanation of one. */
  readonly statementType: number;
  runAndReadAll(): Promise<Reader>;
}

export interface Reader {
  deduplicatedColumnNames(): string[];
  columnTypes(): { toString(): string }[];
  /** Numbers of more than 53 bits and decimals are texts. */
  getRowsJson(): unknown[][];
}

interface Duckdb {
  readonly DuckDBInstance: {
    create(path: string, settings: Readonly<Record<string, string>>): Promise<{
      connect(): Promise<Connection>;
      closeSync(): void;
    }>;
  };
}

/** One thread: sums are the same on every machine. Nothing is fetched from anywhere. */
const settings = {
  threads: '1',
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
};

/** Null: it is not installed here. */
export async function connect(): Promise<Connection | null> {
  const name: string = '@duckdb/node-api';
  let duckdb: Duckdb;
  try {
    duckdb = (await import(name)) as Duckdb;
  } catch {
    return null;
  }
  const instance = await duckdb.DuckDBInstance.create(':memory:', settings);
  return await instance.connect();
}
