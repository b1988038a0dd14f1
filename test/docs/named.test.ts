/** What docs name is there: pages, files, tests, soak checks, benchmarks, scripts. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t from 'tap';
import { benchmarks } from '../../bench/registry.js';

const pages = [
  'README.md', 'results/README.md', 'scenarios/data/README.md',
  ...readdirSync('docs').filter((name) => name.endsWith('.md')).map((name) => join('docs', name)),
];
const tests = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts')).map((name) => `dist/test/${name}`);
const soak = new Set(/ checks:.*?\n\};/s.exec(readFileSync('test/soak/main.ts', 'utf8'))![0]
  .match(/(?<=^ {2}'?)[\w-]+/gm));
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: object };

/** How docs name things, and whether one of that name is there. */
const named: readonly (readonly [RegExp, (name: string, page: string) => boolean])[] = [
  [/\]\((?!https?:|#)([^)#]+)/g, (name, page) => existsSync(join(dirname(page), name))],
  [/`((?:core|experiment|checker|campaign|sim|live|analysis|cli|bench|test)\/[\w./-]+)`/g,
    (name) => existsSync(name) || existsSync(`${name}.ts`)],
  [/\b(scenarios\/[\w./-]+\.yaml)/g, (name) => existsSync(name)],
  [/node scripts\/test\.mjs ([\w ./-]+)/g,
    (names) => names.trim().split(' ').every((name) => tests.some((path) => path.includes(name)))],
  [/npm run soak -- ([\w-]+)/g, (name) => soak.has(name)],
  [/npm run bench -- ([\w-]+)/g, (name) => Object.hasOwn(benchmarks, name)],
  [/npm run ([\w-]+)/g, (name) => Object.hasOwn(scripts, name)],
];

t.test('what docs name is there', async (t) => {
  for (const [pattern, isThere] of named) {
    const seen = pages.flatMap((page) =>
      [...readFileSync(page, 'utf8').matchAll(pattern)].map(([, name]) => ({ page, name })));
    t.ok(seen.length > 0, `${pattern.source} is used`);
    t.same(seen.filter(({ page, name }) => !isThere(name, page)), []);
  }
});
