/** Tables described for people (dictionary.json) and for programs (CSV on the Web). */
import type { Column } from './column.js';

export interface Described {
  readonly name: string;
  /** What a row is about. */
  readonly about: string;
  /** Columns that tell rows apart. */
  readonly key: readonly string[] | null;
  readonly columns: readonly Column[];
}

export function dictionary(tables: readonly Described[]): object {
  return {
    tables: tables.map(({ name, about, key, columns }) => ({
      name, files: [`${name}.csv`, `${name}.parquet`], row: about, key, columns,
    })),
  };
}

const datatypes = { text: 'string', integer: 'integer', number: 'double', boolean: 'boolean' };

/** https://www.w3.org/TR/tabular-metadata/ */
export function csvw(tables: readonly Described[]): object {
  const runs = tables.find(({ key }) => key !== null)!;
  const reference = { resource: `${runs.name}.csv`, columnReference: runs.key!.map(variable) };
  return {
    '@context': 'http://www.w3.org/ns/csvw',
    dialect: { header: true, encoding: 'utf-8' },
    tables: tables.map(({ name, about, key, columns }) => ({
      url: `${name}.csv`,
      'dc:description': about,
      tableSchema: {
        columns: columns.map(({ name: title, type, unit, meaning, whenNull }) => ({
          name: variable(title),
          titles: title,
          datatype: datatypes[type],
          required: whenNull === null,
          'dc:description': meaning,
          ...(unit === null ? {} : { 'schema:unitText': unit }),
        })),
        ...(key === null
          ? { foreignKeys: [{ columnReference: reference.columnReference, reference }] }
          : { primaryKey: key.map(variable) }),
      },
    })),
  };
}

/** A column's name as CSV on the Web allows it: that of a variable in a URI template. */
function variable(name: string): string {
  return encodeURIComponent(name).replaceAll(/[-!~*'()]|^_/g, (character) =>
    `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
