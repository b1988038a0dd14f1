/** Core's tests, run in a copy of the program one file after the other until one fails. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import type { Profiler } from 'node:inspector';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { reachedOf, type Reached } from './coverage.js';
import { folders } from './generate.js';
import { Watchdog } from './watchdog.js';

/** Of processor time: dozens of times what any takes. */
const secondsMost = 120;

/** The first that fails with what is in the copy, those near `file` being first; null: none. */
export async function failingTest(
  root: string, tests: readonly string[], file: string,
): Promise<string | null> {
  for (const test of nearestFirst(tests, file)) {
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

/** @throws Error where it fails */
export async function reachedByTest(root: string, test: string): Promise<Reached> {
  const directory = mkdtempSync(join(tmpdir(), 'howdah-coverage-'));
  try {
    if (!await passes(root, test, { NODE_V8_COVERAGE: directory })) {
      throw new Error(`test/core/${test} fails with the sound code`);
    }
    return reachedOf(readdirSync(directory).flatMap((name) => {
      const text = readFileSync(join(directory, name), 'utf8');
      return (JSON.parse(text) as { result: Profiler.ScriptCoverage[] }).result;
    }));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
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

function passes(root: string, test: string, env: NodeJS.ProcessEnv = {}): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join('dist/test/core', test)], {
      cwd: root, stdio: 'ignore',
      // Tap's own patience goes by the clock.
      env: { ...process.env, TAP_TIMEOUT: '86400', TAP_BAIL: '1', ...env },
    });
    const watchdog = new Watchdog(child, secondsMost);
    child.on('close', (status) => {
      watchdog.end();
      resolve(status === 0);
    });
  });
}
