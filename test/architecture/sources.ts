import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout: this file runs as dist/test/architecture/sources.js. */
export const root = fileURLToPath(new URL('../../..', import.meta.url));

const folders = [
  'core', 'experiment', 'checker', 'sim', 'live', 'analysis', 'campaign', 'cli', 'bench', 'test',
];

/** Every TypeScript source of ours, as a path from the root with forward slashes. */
export function sources(): string[] {
  const found = folders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(
        (name) => `${folder}/${name.replaceAll('\\', '/')}`,
      ),
    )
    .filter((name) => name.endsWith('.ts'));
  return existsSync(join(root, 'index.ts')) ? ['index.ts', ...found] : found;
}
