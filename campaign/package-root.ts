import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the built code is: `dist`. */
export const builtCode = join(dirname(fileURLToPath(import.meta.url)), '..');

const root = join(builtCode, '..');

/** The scenarios that come along. */
export const shippedScenarios = join(root, 'scenarios');

/** As in package.json. */
export function version(): string {
  const text = readFileSync(join(root, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
