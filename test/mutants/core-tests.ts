/** Core's tests, run in a copy of the program one file after the other until one fails. */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { folders } from './generate.js';

const patienceMs = 240_000;

/** The test that fails with what is in the copy; null: none. */
export async function failingTest(root: string, file: string): Promise<string | null> {
  for (const test of nearestFirst(testsOf(root), file)) {
    if (!await passes(root, test)) return test;
  }
  return null;
}

/** Under dist/test/core, as sources are under core: of the folders that have mutants. */
export function testsOf(root: string): string[] {
  return readdirSync(join(root, 'dist/test/core'), { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.test.js') && folders.some((one) => name.startsWith(one)))
    .sort();
}

/** The test of that very source, then those of its folder, of the folder around that, of others. */
function nearestFirst(tests: readonly string[], file: string): string[] {
  const own = file.replace(/\.ts$/, '.test.js');
  const near = dirname(file);
  const [around] = file.split('/');
  const distance = (test: string): number => {
    if (test === own) return 0;
    if (dirname(test) === near) return 1;
    return test.startsWith(`${around}/`) ? 2 : 3;
  };
  return [...tests].sort((a, b) => distance(a) - distance(b));
}

export function passes(root: string, test: string): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join('dist/test/core', test)], {
      cwd: root, stdio: 'ignore', timeout: patienceMs, killSignal: 'SIGKILL',
      env: { ...process.env, TAP_TIMEOUT: String(patienceMs / 1000), TAP_BAIL: '1' },
    });
    child.on('close', (status) => resolve(status === 0));
  });
}
