/** Sweeps of what users bring along: plugins and files. */
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { parseCsv } from '../../analysis/tables/index.js';
import { simHere } from './in-process.js';
import { startSim } from './sim.js';

/** A message takes `ms`, whatever its way. */
const latency = (factor: number): string => `
export default {
  latencies: {
    even: {
      longestUs: ({ ms }) => ms * 1000 * ${factor},
      create: ({ ms }) => ({ delayUs: () => ms * 1000 * ${factor} }),
    },
  },
};
`;
const sweep = `
name: even
base:
  duration: 5m
  system: { managers: 3, resources: [{ kind: service, count: 8 }] }
  measure: { samples: 5 }
  network: { latency: { even: { ms: 10 } } }
  faults: [{ every: 1m, from: 1m, crash: coordinator, repairAfter: 20s }]
replications: 1
vary:
  network.latency.even.ms: [10, 20]
  coordination.detection: [fixed, phi-accrual]
`;
const plugin = ['--plugin', './even.mjs'];
/** A worker is a process that loads the program. */
const alone = ['--jobs', '1'];

type Tap = { testdir(files: Record<string, string>): string };

function directoryOf(t: Tap, change = (text: string): string => text): string {
  return t.testdir({ 'even.mjs': latency(1), 's.yaml': change(sweep) });
}

const table = (directory: string, where: string): string =>
  readFileSync(join(directory, where, 'runs.csv'), 'utf8');

t.test('a sweep of a plugin: each run, shards, resuming, and the sweep again', async (t) => {
  const directory = directoryOf(t);
  const into = [...plugin, ...alone, '--json', '--out'];
  const whole = await simHere(directory, 'sweep', 's.yaml', ...into, 'whole');
  t.equal(whole.status, 0, whole.stderr);
  t.match(JSON.parse(whole.stdout), { runs: 4, ok: 4 });
  const rows = parseCsv(table(directory, 'whole'));
  const [slow, fast] = ['20', '10'].map((ms) =>
    rows.find((row) => row['network.latency.even.ms'] === ms)?.['digest']);
  t.not(slow, fast, 'the settings reach the plugin');
  const run = join('whole', 'runs', rows[0]['run_id']);
  const { command } = JSON.parse(
    readFileSync(join(directory, run, 'manifest.json'), 'utf8'),
  ) as { command: string };
  t.equal(command, `sim run scenario.yaml --plugin ${join(directory, 'even.mjs')}`);
  const again = await simHere(join(directory, run), ...command.split(' ').slice(1), '--json');
  t.match(
    JSON.parse(again.stdout),
    { digest: rows[0]['digest'], directory: `results/s/${rows[0]['run_id']}` },
    'as its manifest says, it is the same run',
  );
  const bare = await simHere(directory, 'run', join(run, 'scenario.yaml'));
  t.match(bare, { status: 2, stderr: /scenario\.yaml:\d+:\d+: unknown key even/ });
  for (const index of ['1', '2']) {
    const words = ['whole/sweep.yaml', '--shard', `${index}/2`, ...into, index];
    t.equal((await simHere(directory, 'sweep', ...words)).status, 0);
  }
  t.equal((await simHere(directory, 'merge', '1', '2', '--out', 'merged', '--quiet')).status, 0);
  t.ok(table(directory, 'merged') === table(directory, 'whole'), 'byte for byte');
  const resume = () =>
    simHere(directory, 'sweep', 's.yaml', ...plugin, '--out', 'whole', '--resume', '--json');
  t.match(JSON.parse((await resume()).stdout), { kept: 4, ok: 4 });
  writeFileSync(join(directory, 'even.mjs'), latency(2));
  t.match(await resume(), { status: 2, stderr: /holds another sweep, or one made by other code/ });
});

t.test('plugins that cannot be used end a sweep before it begins', async (t) => {
  const directory = directoryOf(t);
  const refused = async (message: RegExp, ...words: string[]): Promise<void> => {
    const { status, stdout, stderr } = await simHere(directory, 'sweep', 's.yaml', ...words);
    t.equal(status, 2);
    t.match(stderr, message);
    t.equal(stdout, '');
    t.notOk(existsSync(join(directory, 'results')));
  };
  await refused(/^s\.yaml:\d+:\d+: unknown key even/);
  await refused(/^--plugin \.\/odd\.mjs: there is no file .*odd\.mjs/, '--plugin', './odd.mjs');
  writeFileSync(join(directory, 's.yaml'), sweep.replace('[fixed,', '[fixd,'));
  await refused(/^s\.yaml:\d+:\d+: .*"fixd"/, ...plugin);
});

t.test('a plugin that changes meanwhile ends the sweep, and what is done is kept', async (t) => {
  const directory = directoryOf(t, (text) => text.replace('5m', '1h'));
  const words = ['s.yaml', ...plugin, '--out', 'out', '--jobs', '1'];
  const child = startSim(directory, 'sweep', ...words);
  let said = '';
  child.stderr?.on('data', (text: Buffer) => (said += text.toString()));
  const runs = join(directory, 'out', 'runs');
  const finished = (): string[] =>
    existsSync(runs) ? readdirSync(runs).filter((name) => !name.startsWith('.')) : [];
  while (finished().length < 1 && child.exitCode === null) await sleep(5);
  writeFileSync(join(directory, 'even.mjs'), `${latency(1)}// changed`);
  await once(child, 'close');
  t.equal(child.exitCode, 4);
  t.match(said, /even\.mjs: changed while the sweep was running, begin the sweep anew/);
  t.same(parseCsv(table(directory, 'out')).map((row) => row['run_id']).sort(), finished().sort());
  t.ok(finished().length < 4, 'it ended early');
});

t.test('a run finds the files of its sweep, and so does the sweep again', async (t) => {
  const directory = t.testdir({
    data: { 'm.tsv': '0\t10\n30\t0\n', 'base.yaml': [
      'duration: 2m',
      'system: { managers: 3, resources: [{ kind: service, count: 4 }] }',
      'measure: { samples: 5 }',
      'network: { latency: { matrix: { file: m.tsv } } }',
    ].join('\n') },
    'other.tsv': '0\t10\n30\t0\n',
    sweeps: { 's.yaml': 'base: ../data/base.yaml\nvary: { network.loss: [0%, 1%] }\n' },
  });
  const made = await simHere(directory, 'sweep', 'sweeps/s.yaml', '--json', ...alone);
  t.equal(made.status, 0, made.stderr);
  const { directory: path } = JSON.parse(made.stdout) as { directory: string };
  const [{ run_id: runId, digest }] = parseCsv(table(directory, path));
  const again = await simHere(directory, 'run', `${path}/runs/${runId}/scenario.yaml`, '--json');
  t.match(JSON.parse(again.stdout), { digest, directory: `results/base/${runId}` });
  const anew = ['sweep', `${path}/sweep.yaml`, '--out', 'again', '--quiet', ...alone];
  const sweepAgain = await simHere(directory, ...anew);
  t.equal(sweepAgain.status, 0, sweepAgain.stderr);
  t.ok(table(directory, 'again') === table(directory, path), 'byte for byte');
  const words = ['--set', 'network.latency.matrix.file=../other.tsv', '--json', ...alone];
  const { stdout } = await simHere(directory, 'sweep', 'sweeps/s.yaml', ...words);
  const other = JSON.parse(stdout) as object;
  t.match(other, { directory: path }, 'the same content in another place is the same sweep');
});
