/** The templates of docs/distributed, carried out as the machines that they are for would. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { parse } from 'yaml';
import { simHere } from '../cli/in-process.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const program = join(root, 'dist/cli/main.js');
const folder = join(root, 'docs/distributed');
const template = (name: string): string => readFileSync(join(folder, name), 'utf8');
const sweep = `
name: s
base: { duration: 1m, system: { managers: 2 }, measure: { samples: 5 } }
vary: { network.loss: [0, 1%] }
`;
const all = { SIM: `${process.execPath} ${program}`, PATH: process.env['PATH'] };

interface Job {
  readonly spec: {
    readonly completions: number;
    readonly template: { readonly spec: { readonly containers: readonly [{
      readonly command: readonly string[];
      readonly args: readonly string[];
      readonly env: readonly { readonly name: string; readonly value: string }[];
    }] } };
  };
}

t.test('tasks of Slurm and pods of Kubernetes make the parts of a sweep', async (t) => {
  const directory = t.testdir({ 'sweep.yaml': sweep, slurm: {}, kubernetes: {} });
  const words = ['sweep.yaml', '--out', 'whole', '--jobs', '1', '--quiet'];
  t.equal((await simHere(directory, 'sweep', ...words)).status, 0);
  const { spec } = parse(template('kubernetes.yaml')) as Job;
  const [{ command, args, env }] = spec.template.spec.containers;
  const own = Object.fromEntries(env.map(({ name, value }) => [name, value]));
  t.equal(Number(own['COUNT']), spec.completions);
  const slurm = (index: number) => spawnSync(
    'bash', [join(folder, 'slurm.sh'), '../sweep.yaml'], {
      cwd: join(directory, 'slurm'), encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...all, SLURM_ARRAY_TASK_ID: `${index + 1}`, SLURM_ARRAY_TASK_COUNT: '2' },
    });
  const pod = (index: number) => spawnSync(command[0], [...command.slice(1), ...args], {
    cwd: join(directory, 'kubernetes'), encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...all, ...own, COUNT: '2', SWEEP: '../sweep.yaml', JOBS: '1',
      JOB_COMPLETION_INDEX: `${index}`,
    },
  });
  // Each makes one of the two, twice as if it were begun again.
  const parts = [[pod, 0, 'kubernetes'], [slurm, 1, 'slurm']] as const;
  for (const [start, index, where] of [...parts, ...parts]) {
    const { status, stderr } = start(index);
    t.equal(status, 0, `${where}: ${stderr}`);
  }
  const shards = parts.map(([, index, where]) => `${where}/results/shards/${index + 1}-of-2`);
  const merged = await simHere(directory, 'merge', ...shards, '--out', 'all', '--quiet');
  t.equal(merged.status, 0, merged.stderr);
  const table = (of: string): string => readFileSync(join(directory, of, 'runs.csv'), 'utf8');
  t.ok(table('all') === table('whole'), 'byte for byte');
});

t.test('containers and units start workers as workers are started', (t) => {
  interface Compose {
    readonly services: { readonly worker: { readonly command: string } };
  }
  const { services } = parse(template('compose.yaml')) as Compose;
  const [, started = ''] = /^ExecStart=(.*)$/m.exec(template('howdah-worker.service')) ?? [];
  for (const command of [services.worker.command, started.replace('/usr/bin/env ', '')]) {
    const script = command.replace('dist/cli/main.js', program);
    const { status, stderr } = spawnSync('bash', ['-c', script], {
      cwd: t.testdir(), encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...all, QUEUE: 'redis://127.0.0.1:1' },
    });
    t.equal(status, 4);
    t.match(stderr, /^sim: --queue redis:\/\/127\.0\.0\.1:1: no Redis answers/);
  }
  t.end();
});
