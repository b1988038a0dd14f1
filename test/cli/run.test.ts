import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { simHere } from './in-process.js';
import { sim, startSim } from './sim.js';

const smoke = resolve('scenarios/smoke.yaml');

interface Printed {
  readonly digest: string;
  readonly directory: string;
  readonly final: { readonly healthy: boolean };
}

async function run(directory: string, ...words: string[]): Promise<Printed> {
  const { status, stdout, stderr } = await simHere(directory, 'run', ...words, '--json');
  t.equal(status, 0, stderr);
  return JSON.parse(stdout) as Printed;
}

t.test('a run lands in its directory, and the same run in the same', async (t) => {
  const directory = t.testdir();
  const { status, stdout, stderr } = sim(directory, 'run', smoke);
  t.equal(status, 0, stderr);
  t.equal(stderr, '', 'no progress where nobody watches');
  t.match(stdout, /^smoke, seed 1: 10 min in /);
  t.match(stdout, /Healthy at the end: 1 coordinator, 10 live managers, 90 live resources/);
  t.match(stdout, /sim report results\/smoke\//);
  const runs = join(directory, 'results', 'smoke');
  const [id] = readdirSync(runs).filter((name) => name !== 'latest');
  t.same(readdirSync(runs).sort(), [id, 'latest'].sort(), 'nothing else');
  t.equal(readlinkSync(join(runs, 'latest')), id);
  const files = readdirSync(join(runs, id));
  for (const file of ['scenario.yaml', 'summary.json', 'manifest.json', 'episodes.csv']) {
    t.ok(files.includes(file), file);
  }
  const manifest = JSON.parse(readFileSync(join(runs, id, 'manifest.json'), 'utf8')) as object;
  t.match(manifest, { interrupted: false, run: id, world: 'sim' });

  const again = await run(directory, join(runs, id, 'scenario.yaml'));
  t.equal(again.directory, join('results', 'smoke', id), 'scenario.yaml is the same run');
  const heap = await run(directory, smoke, '--set', 'engine.queue=heap');
  t.equal(heap.directory, again.directory, 'the engine is no part of a run');
  t.equal(heap.digest, again.digest);
  const other = await run(directory, smoke, '--seed', '2', '--out', 'mine', '--trace');
  t.not(other.digest, again.digest, 'another seed, another run');
  t.equal(other.directory, 'mine');
  t.ok(existsSync(join(directory, 'mine', 'trace.jsonl')));
  t.equal(readlinkSync(join(runs, 'latest')), id, '--out leaves latest alone');
  t.same((await simHere(directory, 'run', smoke, '--quiet')).stdout, '');
});

t.test('Ctrl-C keeps what is done and exits with 130', async (t) => {
  const directory = t.testdir();
  writeFileSync(join(directory, 'long.yaml'), 'duration: 10y\nsystem: { managers: 5 }\n');
  const child = startSim(directory, 'run', 'long.yaml');
  const runs = join(directory, 'results', 'long');
  while (!existsSync(runs) && child.exitCode === null) await sleep(20);
  await sleep(500);
  child.kill('SIGINT');
  await once(child, 'exit');
  t.equal(child.exitCode, 130);
  const text = readFileSync(join(runs, 'latest', 'manifest.json'), 'utf8');
  t.match(JSON.parse(text), { interrupted: true });
  t.equal(readdirSync(runs).length, 2, 'nothing half-done is left');
});

t.test('a reader that goes away is no error', async (t) => {
  const child = startSim(t.testdir(), 'schema');
  let complaint = '';
  child.stderr?.on('data', (text: Buffer) => (complaint += text.toString()));
  child.stdout?.destroy();
  await once(child, 'exit');
  t.equal(child.exitCode, 0);
  t.equal(complaint, '');
});
