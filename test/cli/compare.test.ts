import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { declaredTuning } from '../../campaign/compare/tune.js';
import { loadPlugins } from '../../campaign/plugins.js';
import { parseScenario } from '../../checker/scenario.js';
import { detectors } from '../../core/detection/index.js';
import { simHere } from './in-process.js';

const base = 'duration: 2m\nsystem: { managers: 3 }\nmeasure: { samples: 10 }\n';
const sweep = `base: s.yaml
vary: { coordination.managers.heartbeatPeriod: [4s, 5s] }
replications: 2
`;
const [four, five] = ['4s', '5s'].map((value) =>
  `w@coordination.managers.heartbeatPeriod=${value}`);

interface Document {
  readonly measures: readonly { readonly outcome: string; readonly count: number }[];
  readonly verdict: readonly string[];
  readonly tuned:
    { readonly setting: string; readonly wanted: number; readonly mean: number } | null;
}

t.test('sim compare: cells of a sweep, conditions, and a setting turned', async (t) => {
  const directory = t.testdir({ 's.yaml': base, 'w.yaml': sweep });
  const here = (...words: string[]) => simHere(directory, ...words);
  t.equal((await here('sweep', 'w.yaml', '--out', 'w', '--jobs', '1', '--quiet')).status, 0);
  const sent = ['--measure', 'messages.sentPerSecond'];

  const plain = await here('compare', four, five, ...sent);
  t.equal(plain.status, 0, plain.stderr);
  t.match(plain.stdout, /paired by seed/);
  t.match(plain.stdout, /A {2}w@coordination\.managers\.heartbeatPeriod=4s, 2 runs/);

  const failing = await here(
    'compare', four, five, ...sent, '--json', '--fail-if', 'messages.sentPerSecond < 0',
    '--fail-if', 'messages.sentPerSecond > 50%');
  t.equal(failing.status, 1, failing.stdout);
  const { conditions } = JSON.parse(failing.stdout) as { conditions: { held: boolean }[] };
  t.same(conditions.map(({ held }) => held), [true, false]);

  const itself = await here('compare', 'w', 'w', ...sent, '--json');
  const told = JSON.parse(itself.stdout) as Document;
  t.same(told.measures.map(({ outcome }) => outcome), ['same', 'same']);

  const equal = await here(
    'compare', four, five, ...sent, '--json', '--jobs', '1', '--at-equal',
    'messages.sentPerSecond', '--tune', 'coordination.managers.heartbeatPeriod=3s..5s');
  t.equal(equal.status, 0, equal.stderr);
  const { tuned } = JSON.parse(equal.stdout) as Document;
  t.match(tuned!.setting, /^coordination\.managers\.heartbeatPeriod=[34]/);
  t.ok(Math.abs(tuned!.mean / tuned!.wanted - 1) < 0.03, JSON.stringify(tuned));

  const never = await here(
    'compare', four, five, ...sent, '--jobs', '1', '--at-equal', 'messages.sentPerSecond',
    '--tune', 'coordination.managers.heartbeatPeriod=6s..8s');
  t.equal(never.status, 2);
  t.match(never.stderr, /^--tune .*: in that range messages\.sentPerSecond is never .*, name a/);

  const declared = await here(
    'compare', four, five, ...sent, '--jobs', '1', '--at-equal', 'messages.sentPerSecond');
  t.match(declared.stderr, /^--tune coordination\.resources\.timeout: in that range/);
});

t.test('each detector declares what to turn, and any value of it is one', async (t) => {
  const plugins = await loadPlugins([]);
  for (const name of Object.keys(detectors)) {
    const scenario = `${base}coordination: { detection: ${name} }\n`;
    const directory = t.testdir({ 'scenario.yaml': scenario });
    const runs = [{ cell: '', seed: 1, scalars: {}, directory }];
    const { path, low, high, inSeconds } =
      declaredTuning({ name, runs, crashed: 0, measures: undefined }, plugins);
    for (const end of [low, high]) {
      const set = [`${path}=${end}${inSeconds ? 's' : ''}`];
      const file = join(directory, 'scenario.yaml');
      t.ok(parseScenario(readFileSync(file, 'utf8'), file, { set }), `${name}: ${set[0]}`);
    }
  }
});
