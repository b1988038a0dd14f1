import { isDeepStrictEqual } from 'node:util';
import t from 'tap';
import ts from 'typescript';
import { coreSource } from '../explore/patched.js';
import { allMutants, drawMutants, mutantsOf, mutated } from './generate.js';
import { operators } from './operators/index.js';
import { inTime } from '../length.js';

const all = allMutants('core');

t.test('every operator makes mutants, which parse and are no longer the source', (t) => {
  const sources = new Map<string, string>();
  const seen = new Set<string>();
  for (const { file, edit, operator, line } of drawMutants(all, 1, inTime(60, 150))) {
    const source = sources.get(file) ?? coreSource(file);
    sources.set(file, source);
    seen.add(operator);
    const text = mutated(source, edit);
    if (text === source || !parses(text)) t.fail(`${operator} at core/${file}:${line}`);
  }
  t.strictSame([...seen].sort(), operators.map(({ name }) => name).sort());
  t.end();
});

t.test('a sample is the same for a seed, another for another, and has each mutant once', (t) => {
  const sample = drawMutants(all, 1, 120);
  t.strictSame(drawMutants(allMutants('core'), 1, 120), sample);
  t.notOk(isDeepStrictEqual(drawMutants(all, 2, 120), sample));
  t.equal(new Set(sample.map(({ id }) => id)).size, 120);
  t.strictSame(drawMutants(all, 1, 40), sample.slice(0, 40));
  t.equal(drawMutants(all.slice(0, 9), 1, 120).length, 9);
  t.end();
});

t.test('mutants keep their names when lines above them come and go', (t) => {
  const file = 'election/overlay-root.ts';
  const source = coreSource(file);
  const moved = mutantsOf(file, `// a line more\n${source}`);
  t.strictSame(moved.map(({ id }) => id), mutantsOf(file, source).map(({ id }) => id));
  t.end();
});

t.test('each operator makes the mistakes that it is called after', (t) => {
  const made = mutantsOf('x.ts', `
    function f(this: any, n: number) {
      if (n < 3 && this.ready) return;
      this.count += 1;
      mark(this.environment, 'left');
      this.store.sync();
      this.environment.cancelTimer(n);
      return n > 0 ? go(n) : null;
    }`).map(({ operator, after }) => `${operator}: ${after.trim()}`);
  t.strictSame(made.sort(), [
    'and-or: if (((n < 3) || (this.ready))) return;',
    'boundary: if (n <= 3 && this.ready) return;',
    'boundary: return n >= 0 ? go(n) : null;',
    'drop-assignment: ;',
    'drop-return: if (n < 3 && this.ready) ;',
    'keep-timer: ;',
    'negate: if (!(n < 3 && this.ready)) return;',
    'off-by-one: if (n < 2 && this.ready) return;',
    'off-by-one: if (n < 4 && this.ready) return;',
    'off-by-one: return n > 1 ? go(n) : null;',
    'skip-store: ;',
    'swap-branches: return !(n > 0) ? go(n) : null;',
  ]);
  t.end();
});

function parses(text: string): boolean {
  const { diagnostics } = ts.transpileModule(text, { reportDiagnostics: true });
  return diagnostics!.length === 0;
}
