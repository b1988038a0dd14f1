/** A kind is named in its own file and in the list of its kind; nobody else asks for its name. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { builtInInvariants } from '../../checker/invariants/index.js';
import { assignmentNames } from '../../core/coordination/assignment/index.js';
import { detectors } from '../../core/detection/index.js';
import { elections } from '../../core/election/index.js';
import { messageTypes } from '../../core/messages.js';
import { overlays } from '../../core/overlay/index.js';
import { verbs } from '../../core/verbs/index.js';
import { faultKinds } from '../../experiment/faults/kinds/index.js';
import { impairmentKinds } from '../../experiment/impairments/index.js';
import { root, sources } from './sources.js';

/** A place where a text of that name stands all the same, and why. */
type Elsewhere = readonly (readonly [where: RegExp, why: string])[];

interface Names {
  readonly names: readonly string[];
  /** Their own files, and their list. */
  readonly where: RegExp;
  readonly elsewhere?: Elsewhere;
}

/** Exploration draws situations: a kind of fault with whom it hits, and several of one kind. */
const drawn: Elsewhere[number] = [
  /^campaign\/explore\/schedules\/(draw|simpler|kinds\/\w+)\.ts$/, 'a situation',
];
/** Names of causes by which messages are lost, in the order of the pipeline. */
const causes: Elsewhere[number] = [
  /^(experiment\/(world|digest)|sim\/(network\/(network|impaired)|world\/dispatch))\.ts$/,
  'a cause of a loss',
];
const liveOrders: Elsewhere[number] = [
  /^live\/(supervisor\/(fleet|node-host|protocol|world)|node\/(live-node|traffic))\.ts$/,
  'an order to the process that hosts a node, or a cause of a loss',
];

const kinds: Readonly<Record<string, Names>> = {
  overlay: { names: Object.keys(overlays), where: /^core\/overlay\// },
  election: { names: Object.keys(elections), where: /^core\/election\// },
  detector: { names: Object.keys(detectors), where: /^core\/detection\// },
  assignment: { names: assignmentNames, where: /^core\/coordination\/assignment\// },
  invariant: { names: Object.keys(builtInInvariants), where: /^checker\/invariants\// },
  message: {
    names: messageTypes,
    where: /^core\//,
    elsewhere: [
      [/^(checker\/|sim\/run\.ts)/, 'an observation of that name'],
      [/^sim\/world\/lookahead\.ts$/, 'what is read ahead of heartbeats'],
      [/^analysis\/measures\/succession\.ts$/, 'what a new coordinator is told'],
      [/^analysis\/report\/messages-chart\.ts$/, 'colours of the most frequent'],
      [/^campaign\/explore\/quiet-view\.ts$/, 'what must not come where all is quiet'],
    ],
  },
  verb: {
    names: verbs,
    where: /^core\/verbs\//,
    elsewhere: [
      drawn, liveOrders,
      [/^experiment\/faults\/kinds\/restart\.ts$/, 'the fault of that name'],
      [/^analysis\/(report|trace)\//, 'where a text of a picture is anchored'],
      [/^sim\/world\/hosts\.ts$/, 'the call of a process that failed'],
    ],
  },
  fault: {
    names: faultKinds.map(({ name }) => name),
    where: /^experiment\/(faults\/kinds|impairments)\//,
    elsewhere: [
      drawn, causes, liveOrders,
      [/^core\/(observations|coordination\/relocation)\.ts$/, 'why a resource moves'],
      [/^core\/coordination\/(listings|rule-outlets)\.ts$/, 'a field of that name'],
      [/^core\/verbs\/restart\.ts$/, 'the verb of that name'],
      [/^experiment\/language\/units\.ts$/, 'said of a duration'],
      [/^experiment\/faults\/driver\.ts$/, 'what an accident of the world amounts to'],
      [/^experiment\/(harm|faults\/(link-aims|links))\.ts$/, 'a share of all messages'],
      [/^campaign\/explore\/schedules\/settings\/network\.ts$/, 'a field of that name'],
      [/^sim\/network\//, 'the stage of an impairment'],
      [/^sim\/world\/hosts\.ts$/, 'the call of a process that failed'],
      [/^live\/supervisor\/limits\.ts$/, 'what this world cannot do'],
      [/^analysis\/measures\/alarm-causes\.ts$/, 'a cause of an alarm'],
      [/^cli\/summary\.ts$/, 'a row of what managers did'],
    ],
  },
  impairment: {
    names: impairmentKinds.map(({ name }) => name),
    where: /^experiment\/impairments\//,
    elsewhere: [
      drawn, causes, liveOrders,
      [/^experiment\/faults\/kinds\/impairments\.ts$/, 'a share of all messages'],
      [/^experiment\/(harm|faults\/(link-aims|links))\.ts$/, 'a share of all messages'],
      [/^campaign\/explore\/schedules\/settings\/network\.ts$/, 'a field of that name'],
      [/^sim\/network\//, 'its stage'],
      [/^live\/supervisor\/limits\.ts$/, 'what this world cannot do'],
      [/^analysis\/measures\/alarm-causes\.ts$/, 'a cause of an alarm'],
    ],
  },
};

/** Whoever may name it asks for none all the same. */
const asked: readonly (readonly [kind: string, by: string])[] = [
  ['verb', '\\bverb'], ['fault', '\\baction\\.kind'], ['impairment', '\\bimpairment\\.kind'],
];

const ours = sources()
  .filter((path) => /^(core|experiment|checker|sim|live|analysis|campaign|cli)\//.test(path))
  .map((path): [string, string] => [path, readFileSync(join(root, path), 'utf8')]);

/** Where texts that match stand, as `path: text`. */
function* found(
  files: readonly (readonly [path: string, text: string])[], pattern: RegExp, where: RegExp,
): Generator<string> {
  for (const [path, text] of files) {
    if (where.test(path)) continue;
    for (const [literal] of text.matchAll(pattern)) yield `${path}: ${literal}`;
  }
}

function strays(files: readonly (readonly [path: string, text: string])[]): string[] {
  const named = Object.values(kinds).flatMap(({ names, where, elsewhere = [] }) =>
    [...found(files, new RegExp(`'(${names.join('|')})'`, 'g'), where)]
      .filter((one) => !elsewhere.some(([place]) => place.test(one.split(':')[0]))));
  return [...named, ...asked.flatMap(([kind, by]) => {
    const { names, where } = kinds[kind];
    const all = names.join('|');
    return [
      ...found(files, new RegExp(`${by} [!=]== '(${all})'`, 'g'), where),
      ...found(files, new RegExp(`switch \\(\\w*\\.?${by}\\) \\{\\s*case '(${all})'`, 'g'), where),
    ];
  })];
}

t.test('no other file names a kind', (t) => {
  t.same([...new Set(strays(ours))], []);
  t.ok(ours.length > 400, 'all are looked at');
  const planted = [
    ["if (name === 'phi-accrual') {", 'analysis/x.ts'],
    ["const usual = 'least-loaded';", 'sim/x.ts'],
    ["if (type === 'resource-heartbeat') {", 'live/x.ts'],
    ["const worst = 'burstyLoss';", 'analysis/x.ts'],
    ["if (act.verb !== 'restart') {", 'sim/world/hosts.ts'],
    ["switch (action.kind) {\n  case 'crash': return;", 'experiment/faults/driver.ts'],
    ["return impairment.kind === 'jitter';", 'sim/network/x.ts'],
  ];
  for (const [text, path] of planted) t.not(strays([[path, text]]).length, 0, text);
  t.same(strays([['core/detection/create.ts', planted[0][0]]]), [], 'its own file may');
  t.end();
});

t.test('each place where a name stands all the same is one', (t) => {
  for (const [kind, { names, where, elsewhere = [] }] of Object.entries(kinds)) {
    const paths = [...found(ours, new RegExp(`'(${names.join('|')})'`, 'g'), where)]
      .map((one) => one.split(':')[0]);
    for (const [place, why] of elsewhere) {
      t.ok(paths.some((path) => place.test(path)), `${kind}: ${why}`);
    }
  }
  t.end();
});
