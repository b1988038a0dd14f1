/** Recorded data for tests: beside the scenarios, or where HOWDAH_DATA says. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

// As the checkouts of a machine may share it; scenarios that these tests run look there too.
if (existsSync('../shared/data')) process.env['HOWDAH_DATA'] ??= resolve('../shared/data');

const folders = ['scenarios/data', process.env['HOWDAH_DATA'] ?? ''];

/** Undefined: this machine does not have it. */
export function dataFile(name: string): string | undefined {
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** For tests that need it: false, or why they are skipped. */
export function absent(name: string): false | string {
  const why = `${name} is not on this machine (scenarios/data/README.md says how to get it)`;
  return dataFile(name) === undefined && why;
}
