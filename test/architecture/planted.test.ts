import t from 'tap';
import { verdict } from './planted.js';

const nothing = 'export const nothing = 0;\n';
const uses = (path: string): string => `export { nothing } from '${path}';\n`;
const imports = (...packages: string[]): string =>
  packages.map((name) => `import '${name}';\n`).join('');

t.test('dependency-cruiser finds every wrong arrow', async (t) => {
  const wrong: Record<string, string> = {
    'core/wrong.ts': uses('../experiment/index.js'),
    'core/node.ts': "export { readFileSync } from 'node:fs';\n",
    'core/package.ts': "export { z } from 'zod';\n",
    'experiment/wrong.ts': uses('../checker/index.js'),
    'checker/wrong.ts': uses('../sim/index.js'),
    'sim/wrong.ts': uses('../live/index.js'),
    'live/wrong.ts': uses('../analysis/index.js'),
    'live/node/run.ts': uses('../supervisor/index.js'),
    'live/node/scenario.ts': "export type { nothing } from '../../experiment/index.js';\n",
    'analysis/wrong.ts': uses('../sim/index.js'),
    'campaign/wrong.ts': uses('../cli/index.js'),
    'campaign/terminal.ts': imports('picocolors'),
    'analysis/upwards.ts': uses('../campaign/index.js'),
    'cli/wrong.ts': uses('../bench/index.js'),
    'sim/type.ts': "export type { nothing } from '../cli/index.js';\n",
    'sim/development.ts': "export { default } from 'fast-check';\n",
    'live/one.ts': uses('./two.js'),
    'live/two.ts': uses('./one.js'),
    'live/lost.ts': uses('./nowhere.js'),
  };
  const right: Record<string, string> = {
    'core/index.ts': nothing,
    'core/right.ts': imports('yaml', '@marcbachmann/cel-js', '@stdlib/math-base-special-ln'),
    'sim/right.ts': imports('seedrandom', 'fastpriorityqueue', 'node:crypto'),
    'analysis/right.ts': imports('vega', 'vega-lite'),
    'cli/right.ts': imports('yargs', 'yargs/helpers', 'cli-progress', 'zod'),
    'test/right.ts': imports('tap', 'fast-check', 'typescript', 'playwright-core'),
    'experiment/index.ts': uses('../core/index.js'),
    'checker/index.ts': uses('../experiment/index.js'),
    'sim/index.ts': uses('../checker/index.js'),
    'live/index.ts': uses('./supervisor/index.js'),
    'live/node/index.ts': uses('../../core/index.js'),
    'live/supervisor/index.ts': uses('../node/index.js'),
    'live/supervisor/right.ts': uses('../../experiment/index.js'),
    'analysis/index.ts': uses('../experiment/index.js'),
    'campaign/index.ts': uses('../analysis/index.js'),
    'cli/index.ts': uses('../campaign/index.js'),
    'bench/index.ts': uses('../live/index.js'),
    'test/index.ts': uses('../analysis/index.js'),
    'index.ts': uses('./cli/index.js'),
  };
  const cruise = ['dependency-cruiser/bin/dependency-cruise.mjs', '.', '-c', '-T', 'err'] as const;
  const found = verdict({ ...right, ...wrong }, ...cruise);
  t.not(found.status, 0);
  for (const path of Object.keys(wrong)) {
    t.match(found.output, new RegExp(`(: |\\n +)${path}`), path);
  }
  for (const path of Object.keys(right)) t.notMatch(found.output, `: ${path} `, path);
  t.equal(verdict(right, ...cruise).status, 0, 'right arrows pass');
});

t.test('oxlint finds what would make two runs differ', async (t) => {
  const planted = [
    'Math.random()',
    'Math.log(2)',
    'Math.exp(2)',
    'Math.pow(2, 3)',
    'Math.hypot(2, 3)',
    'Date.now()',
    'new Date()',
    'performance.now()',
    'setTimeout(f, 1)',
    'setImmediate(f)',
    'queueMicrotask(f)',
    "'a'.localeCompare('b')",
    '(1).toLocaleString()',
    'new Intl.NumberFormat()',
    'process.env',
    'console.log(1)',
  ];
  const source = planted.map((text, index) => `export const a${index} = ${text};\n`).join('');
  const lint = ['oxlint/bin/oxlint', '-f', 'unix'] as const;
  for (const folder of ['core', 'experiment', 'checker', 'sim']) {
    const found = verdict({ [`${folder}/planted.ts`]: source }, ...lint);
    t.equal(found.status, 1);
    planted.forEach((text, index) => {
      t.match(found.output, `${folder}/planted.ts:${index + 1}:`, `${folder}: ${text}`);
    });
  }
  const found = verdict({ 'cli/planted.ts': source }, ...lint);
  t.equal(found.status, 0, 'cli may use the machine');
});

t.test('oxlint finds what knows of the terminal', async (t) => {
  const planted = ['console.log(1)', 'process.argv', 'process.exitCode', 'process.stdout'];
  const source = planted.map((text, index) => `export const a${index} = ${text};\n`).join('');
  const found = verdict({ 'campaign/planted.ts': source }, 'oxlint/bin/oxlint', '-f', 'unix');
  t.equal(found.status, 1);
  planted.forEach((text, index) => {
    t.match(found.output, `campaign/planted.ts:${index + 1}:`, text);
  });
});

t.test('oxlint finds a forgotten promise', async (t) => {
  const source = 'export async function f(): Promise<void> {\n  await f();\n  f();\n}\n';
  const found = verdict({ 'live/f.ts': source }, 'oxlint/bin/oxlint', '--type-aware', '-f', 'unix');
  t.equal(found.status, 1);
  t.match(found.output, 'live/f.ts:3:');
});

t.test('core does not compile with what Node brings', async (t) => {
  const planted = { 'core/planted.ts': 'export const a = Buffer.alloc(1);\n' };
  const compile = ['typescript/bin/tsc', '-p', 'tsconfig.core.json'] as const;
  const found = verdict(planted, ...compile);
  t.not(found.status, 0);
  t.match(found.output, "Cannot find name 'Buffer'");
  t.equal(verdict({ 'core/right.ts': nothing }, ...compile).status, 0);
});
