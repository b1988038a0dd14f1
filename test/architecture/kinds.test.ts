/** A kind is named in its own file and in the list of its kind; nobody else asks for its name. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { builtInInvariants } from '../../checker/invariants/index.js';
import { assignmentNames } from '../../core/coordination/assignment.js';
import { detectors } from '../../core/detection/index.js';
import { elections } from '../../core/election/index.js';
import { overlays } from '../../core/overlay/index.js';
import { verbs } from '../../core/verbs/index.js';
import { faultKinds } from '../../experiment/faults/kinds/index.js';
import { impairmentKinds } from '../../experiment/impairments/index.js';
import { root, sources } from './sources.js';

/** Names that mean nothing else, and where they may stand as texts. */
const named: readonly (readonly [names: readonly string[], where: RegExp])[] = [
  [Object.keys(overlays), /^core\/overlay\//],
  [Object.keys(elections), /^core\/election\//],
  [Object.keys(detectors), /^core\/detection\//],
  [assignmentNames, /^core\/coordination\/assignment\.ts$/],
  [Object.keys(builtInInvariants), /^checker\/invariants\//],
];

/** Names that are words for other things too: nobody asks for them. */
const asked: readonly (readonly [names: readonly string[], by: string, where: RegExp])[] = [
  [verbs, '\\bverb', /^core\/verbs\//],
  [faultKinds.map(({ name }) => name), '\\baction\\.kind', /^experiment\/faults\/kinds\//],
  [impairmentKinds.map(({ name }) => name), '\\bimpairment\\.kind', /^experiment\/impairments\//],
];

const ours = sources()
  .filter((path) => /^(core|experiment|checker|sim|live|analysis|campaign|cli)\//.test(path))
  .map((path): [string, string] => [path, readFileSync(join(root, path), 'utf8')]);

function strays(files: readonly (readonly [path: string, text: string])[]): string[] {
  const found: string[] = [];
  const look = (pattern: RegExp, where: RegExp): void => {
    for (const [path, text] of files) {
      if (where.test(path)) continue;
      for (const [literal] of text.matchAll(pattern)) found.push(`${path}: ${literal}`);
    }
  };
  for (const [names, where] of named) look(new RegExp(`'(${names.join('|')})'`, 'g'), where);
  for (const [names, by, where] of asked) {
    look(new RegExp(`${by} [!=]== '(${names.join('|')})'`, 'g'), where);
    look(new RegExp(`switch \\(\\w*\\.?${by}\\) \\{\\s*case '(${names.join('|')})'`, 'g'), where);
  }
  return found;
}

t.test('no other file names a kind', (t) => {
  t.same(strays(ours), []);
  t.ok(ours.length > 400, 'all are looked at');
  const planted = [
    ["if (name === 'phi-accrual') {", 'analysis/x.ts'],
    ["const usual = 'least-loaded';", 'sim/x.ts'],
    ["if (act.verb !== 'restart') {", 'checker/x.ts'],
    ["switch (action.kind) {\n  case 'crash': return;", 'checker/x.ts'],
    ["return impairment.kind === 'jitter';", 'sim/x.ts'],
  ];
  for (const [text, path] of planted) t.equal(strays([[path, text]]).length, 1, text);
  t.same(strays([['core/detection/create.ts', planted[0][0]]]), [], 'its own file may');
  t.end();
});
