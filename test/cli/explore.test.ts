/** `sim explore` as users call it: hunts that go on, that end in time, and what they tell. */
import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import t from 'tap';
import { simHere as sim } from './in-process.js';

interface Told {
  readonly tried: number;
  readonly found: { readonly seed: number; readonly cause: string } | null;
  readonly finds: readonly {
    readonly seed: number; readonly seeds: number; readonly cause: string;
    readonly directory: string;
  }[];
  readonly outOfTime: boolean;
  readonly settings: Readonly<Record<string, number>>;
  readonly drawn: Readonly<Record<string, { readonly seeds: number }>>;
  readonly coverage: {
    readonly situations: number; readonly chanceOfNew: number;
    readonly saturation: readonly { readonly seeds: number; readonly situations: number }[];
  };
  readonly time: { readonly cpuSeconds: number; readonly slowest: readonly unknown[] };
}

const tiny = 'duration: 30s\nwarmUp: 5s\n' +
  'system: { managers: 2, resources: [{ kind: service, count: 2 }] }\n';

/** A detector that throws at the first heartbeat: in one of two ways, as the instant has it. */
const plugin = `
const way = (nowUs) => { throw new Error(nowUs % 2 === 0 ? 'even instants' : 'odd instants'); };
const detector = new Proxy({}, {
  get: (_, key) => key === 'heard' ? (_row, nowUs) => way(nowUs)
    : key === 'slackUs' ? Infinity : () => false,
});
export default { detectors: { moody: { create: () => detector, limitUs: () => 30e6 } } };
`;

function directoryOf(t: { testdir(): string }): string {
  const directory = t.testdir();
  writeFileSync(join(directory, 'tiny.yaml'), tiny);
  writeFileSync(join(directory, 'moody.yaml'), `${tiny}coordination: { detection: moody }\n`);
  writeFileSync(join(directory, 'moody.mjs'), plugin);
  return directory;
}

const moody = ['explore', 'moody.yaml', '--plugin', './moody.mjs', '--jobs', '1'] as const;

t.test('it stops at the first find, or goes on and keeps one of each cause', async (t) => {
  const directory = directoryOf(t);
  const first = await sim(directory, ...moody, '--seeds', '12', '--json');
  t.equal(first.status, 1, first.stderr);
  const { found, finds, tried } = JSON.parse(first.stdout) as Told;
  t.equal(found?.seed, 1);
  t.equal(finds.length, 1);
  t.ok(tried < 12);
  const going = ['--keep-going', '--out', 'kept'];
  const all = await sim(directory, ...moody, '--seeds', '12', '--json', ...going);
  t.equal(all.status, 1);
  const told = JSON.parse(all.stdout) as Told;
  t.equal(told.tried, 12);
  const causes = told.finds.map(({ cause }) => cause);
  t.ok(causes.some((cause) => cause.endsWith('even instants')), causes.join('\n'));
  t.ok(causes.some((cause) => cause.endsWith('odd instants')));
  t.equal(new Set(causes).size, causes.length);
  t.equal(told.finds.reduce((sum, { seeds }) => sum + seeds, 0), 12);
  const seeds = told.finds.map(({ seed }) => seed);
  t.same(seeds, [...seeds].sort((a, b) => a - b), 'the smallest seed first');
  for (const { directory: kept, seed } of told.finds) {
    t.equal(kept, join('kept', `seed-${seed}`), 'in one place');
    t.ok(existsSync(join(directory, kept, 'scenario.yaml')));
  }
  const text = await sim(directory, ...moody, '--seeds', `${seeds.at(-1)}`, '--keep-going');
  t.match(text.stdout, /Seed 1 breaks no-process-fails[^]*Seed \d+ breaks no-process-fails/);
});

t.test('what is ignored counts for nothing; what is no invariant is refused', async (t) => {
  const directory = directoryOf(t);
  const ignoring = await sim(
    directory, ...moody, '--seeds', '3', '--json', '--ignore', 'no-process-fails',
  );
  t.equal(ignoring.status, 0, ignoring.stderr);
  t.same((JSON.parse(ignoring.stdout) as Told).finds, []);
  const wrong = await sim(directory, ...moody, '--ignore', 'no-proces-fails');
  t.equal(wrong.status, 2);
  t.match(
    wrong.stderr,
    '--ignore: no invariant is called no-proces-fails, did you mean no-process-fails?',
  );
  const unknown = await sim(directory, 'explore', 'tiny.yaml', '--settings', 'all');
  t.equal(unknown.status, 2);
});

t.test('it ends in time, and tells what is unseen and where the time went', async (t) => {
  const directory = directoryOf(t);
  const { status, stdout, stderr } = await sim(
    directory, 'explore', 'tiny.yaml', '--time', '2s', '--json', '--jobs', '1',
  );
  t.equal(status, 0, stderr);
  t.equal(stderr, '', 'no progress within a minute');
  const { tried, outOfTime, coverage, time } = JSON.parse(stdout) as Told;
  t.ok(outOfTime);
  t.ok(tried > 0);
  const { situations, saturation, chanceOfNew } = coverage;
  t.equal(saturation.at(-1)!.situations, situations);
  t.equal(saturation.at(-1)!.seeds, tried);
  t.ok(chanceOfNew >= 0 && chanceOfNew <= 1);
  t.ok(time.cpuSeconds > 0 && time.slowest.length > 0);
});

t.test('settings are drawn when asked, and the same whatever the number of jobs', async (t) => {
  const directory = directoryOf(t);
  const swarm = resolve('scenarios/swarm.yaml');
  const draw = async (seeds: number, ...words: string[]): Promise<Told> => {
    const { status, stdout, stderr } = await sim(
      directory, 'explore', swarm, '--seeds', `${seeds}`, '--json', ...words,
    );
    t.ok(status === 0 || status === 1, stderr);
    return JSON.parse(stdout) as Told;
  };
  const given = await draw(1, '--kinds', '2', '--jobs', '1');
  t.same(given.settings, {});
  t.equal(Object.values(given.drawn).filter(({ seeds }) => seeds > 0).length, 2);
  const one = await draw(2, '--settings', 'drawn', '--jobs', '1', '--keep-going');
  const two = await draw(2, '--settings', 'drawn', '--jobs', '2', '--keep-going');
  t.ok(Object.values(one.settings).some((seeds) => seeds > 0));
  t.equal(one.settings['coordination.entriesPerMessage'], 0, 'the file says it');
  t.same({ ...one, time: null, finds: one.finds.length }, {
    ...two, time: null, finds: two.finds.length,
  });
});
