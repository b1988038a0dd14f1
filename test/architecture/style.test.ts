import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { root, sources } from './sources.js';
import { styleViolations } from './style.js';

t.test('our sources keep the style', async (t) => {
  const paths = sources();
  t.ok(paths.includes('test/architecture/style.test.ts'), 'the search finds this file');
  const found = paths.flatMap((path) =>
    styleViolations(path, readFileSync(join(root, path), 'utf8')),
  );
  t.same(found, []);
});

t.test('a planted violation of each rule is found', async (t) => {
  const lines = (count: number): string => 'f();\n'.repeat(count);
  const planted: Record<string, [source: string, line: number]> = {
    'let at the top': ['let count = 0;', 1],
    'let in a block at the top': ['{\n  let count = 0;\n}', 2],
    'an exported var': ['export var count = 0;', 1],
    'a growing map': ['const cache = new Map<string, number>();', 1],
    'a growing list': ['const seen: string[] = [];', 1],
    'a growing record': ['export const seen: Record<string, number> = {};', 1],
    'a static field': ['class A {\n  static count = 0;\n}', 2],
    'a power': ['export const f = (x: number) =>\n  x ** 2;', 2],
    'an assigned power': ['export function f(x: number) { x **= 2; return x; }', 1],
    'a long line': [`// ${'x'.repeat(98)}`, 1],
    'a long function': [`function g() {\n${lines(69)}}`, 1],
    'a long arrow function': [`const g = () => {\n${lines(69)}};`, 1],
    'a long method': [`class A {\n  g() {\n${lines(69)}}\n}`, 2],
  };
  for (const [name, [source, line]] of Object.entries(planted)) {
    const found = styleViolations('core/planted.ts', source);
    t.equal(found.length, 1, name);
    t.match(found[0], `core/planted.ts:${line}: `, `${name}: its line`);
  }
});

t.test('what is allowed is not reported', async (t) => {
  const source = [
    'const limit = 3;',
    'const kinds: ReadonlyMap<string, number> = new Map([["a", 1]]);',
    'const none: readonly string[] = [];',
    'class A { static readonly zero = 0; count = 0; }',
    'function f() { let i = 0; const seen = new Set(); return i++ * 2 + seen.size; }',
    `function g() {\n${'f();\n'.repeat(68)}}`,
    `// ${'x'.repeat(97)}`,
  ].join('\n');
  t.same(styleViolations('sim/planted.ts', source), []);
  t.same(styleViolations('cli/planted.ts', 'let count = 2 ** 3;'), [], 'cli may keep state');
});
