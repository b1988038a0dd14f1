/** SQL over the tables of runs and sweeps. */
import type { Cell } from '../tables/index.js';
import { connect, type Connection, type Prepared, type Reader } from './duckdb.js';
import { QueryError } from './error.js';
import { literal, viewsOf } from './views.js';

export interface Answer {
  readonly columns: readonly string[];
  /** Lists and the like as they are in JSON. */
  readonly rows: readonly (readonly unknown[])[];
}

/**
 * Over one or many directories; only reads, and only their tables. Throws {@link QueryError}, and
 * RunDirectoryError where a directory is none, or damaged.
 */
export async function query(directories: readonly string[], sql: string): Promise<Answer> {
  const { queries, files } = viewsOf(directories);
  const connection = await connect();
  if (connection === null) {
    throw new QueryError(
      'sim query: DuckDB is not installed, npm install @duckdb/node-api adds it',
    );
  }
  try {
    for (const [name, select] of queries) await connection.run(`CREATE VIEW ${name} AS ${select}`);
    await lock(connection, files);
    return answerOf(await (await prepare(connection, sql)).runAndReadAll());
  } catch (error) {
    throw error instanceof QueryError ? error : new QueryError(inOneLine(error as Error));
  } finally {
    connection.closeSync();
  }
}

/** From here on it reads these files, and writes none. */
async function lock(connection: Connection, files: readonly string[]): Promise<void> {
  await connection.run(`SET allowed_paths = [${files.map(literal).join(', ')}]`);
  await connection.run("SET temp_directory = ''");
  await connection.run('SET enable_external_access = false');
  await connection.run('SET lock_configuration = true');
}

/** As DuckDB numbers kinds of statements: SELECT, which DESCRIBE and SHOW become too; EXPLAIN. */
const readers = new Set([1, 16]);

async function prepare(connection: Connection, sql: string): Promise<Prepared> {
  const refuse = (problem: string): never => {
    throw new QueryError(`sim query: ${problem}, write one SELECT`);
  };
  if (sql.trim() === '') refuse('there is no SQL');
  const statements = await connection.extractStatements(sql);
  if (statements.count !== 1) refuse(`these are ${statements.count} statements`);
  const prepared = await statements.prepare(0);
  return readers.has(prepared.statementType) ? prepared : refuse('this is no query');
}

const bigNumbers = /^(U?BIGINT|U?HUGEINT|DECIMAL\b.*)$/;

function answerOf(reader: Reader): Answer {
  const types = reader.columnTypes().map(String);
  const numeric = types.map((type) => bigNumbers.test(type));
  const rows = reader.getRowsJson().map((row) => row.map((value, index) =>
    numeric[index] && typeof value === 'string' ? numberOf(value) : value));
  return { columns: reader.deduplicatedColumnNames(), rows };
}

/** Unless it would be another number then. */
function numberOf(text: string): Cell {
  const number = Number(text);
  return Number.isInteger(number) && !Number.isSafeInteger(number) ? text : number;
}

/** What DuckDB says, without the excerpt of the SQL that it draws below. */
function inOneLine({ message }: Error): string {
  const [said] = message.split(/\n\s*\nLINE \d+:/);
  // Its own tables are no table of ours.
  const line = said.replace(/\s*Did you mean "pg_\w+"\?/, '').split('\n')
    .map((part) => part.trim()).filter((part) => part !== '').join('; ');
  const about = /Binder|Catalog/.test(line)
    ? " (sim query DIR 'DESCRIBE runs' lists columns; names with dots are written in \"\")" : '';
  return `sim query: ${line.replace(/^Failed to extract statements: /, '')}${about}`;
}
