import type { CommandModule } from 'yargs';
import { query as ask, type Answer } from '../../analysis/query/index.js';
import { csv } from '../../analysis/tables/index.js';
import { InputError } from '../exit.js';
import { plainTable, tableText } from '../text.js';

interface Arguments {
  readonly words: readonly string[];
  readonly json: boolean;
  readonly csv: boolean;
}

export const query: CommandModule<object, Arguments> = {
  command: 'query <words..>',
  describe: 'ask SQL of the tables of runs and sweeps: sim query DIR... SQL',
  builder: (yargs) =>
    yargs
      .positional('words', {
        type: 'string',
        array: true,
        demandOption: true,
        describe: 'directories of runs or sweeps, and then one SELECT over runs, episodes, ' +
          'faults, messages and timeseries',
      })
      .option('json', { type: 'boolean', default: false, describe: 'a JSON list of rows' })
      .option('csv', { type: 'boolean', default: false, describe: 'CSV, with a header line' }),
  handler: async ({ words, json, csv: asCsv }) => {
    const directories = words.slice(0, -1);
    if (directories.length === 0) {
      throw new InputError("sim query: name a directory and then SQL, 'SELECT * FROM runs'");
    }
    if (json && asCsv) throw new InputError('sim query: --json and --csv, choose one of them');
    const answer = await ask(directories, words[words.length - 1]);
    if (json) console.log(JSON.stringify(objects(answer), null, 2));
    else if (asCsv) console.log(csvOf(answer));
    else console.log(text(answer));
  },
};

function objects({ columns, rows }: Answer): object[] {
  return rows.map((row) =>
    Object.fromEntries(columns.map((name, index) => [name, row[index]])));
}

function csvOf({ columns, rows }: Answer): string {
  return [...csv(columns, rows.map((row) => row.map(cellOf)))].join('').trimEnd();
}

function text({ columns, rows }: Answer): string {
  const isNumeric = columns.map((_, index) =>
    rows.some((row) => typeof row[index] === 'number'));
  const rightFrom = isNumeric.lastIndexOf(false) + 1;
  const table = plainTable(columns, rightFrom);
  for (const row of rows) table.push(row.map(told));
  return tableText(table);
}

/** Six digits are enough to read. */
function told(value: unknown): string {
  return String((typeof value === 'number' ? Number(value.toPrecision(6)) : cellOf(value)) ?? '');
}

function cellOf(value: unknown): string | number | boolean | null {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
