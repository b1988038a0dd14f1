/** What `sim verify` finds: nothing in what ships, and the first event of what is planted. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { differenceOf } from '../../campaign/verify/difference.js';
import type { StepRecords } from '../../campaign/verify/stepped-run.js';
import type { Verified } from '../../campaign/verify/verify.js';
import { MESSAGE, type JournalEvent } from '../../sim/index.js';
import { simHere as sim } from './in-process.js';

const smoke = fileURLToPath(new URL('../../../scenarios/smoke.yaml', import.meta.url));
const system = 'system: { managers: 3, resources: [{ kind: service, count: 6, perHost: 2 }] }';
const quick = `name: quick\nduration: 5m\n${system}\n`;

function latency(head: string, delay: string): string {
  return `${head}
export default { latencies: { odd: {
  longestUs: () => 1_000_000,
  create: () => { let n = 0; return { delayUs: () => { n += 1; return ${delay}; } }; },
} } };
`;
}

t.test('a scenario is the same in every way', async (t) => {
  const short = ['--set', 'duration=4m'];
  const { status, stdout, stderr } = await sim(t.testdir(), 'verify', smoke, ...short);
  t.equal(status, 0, stderr);
  t.match(stdout, /^smoke, seed 1, [\d,]+ events\n/);
  t.equal(stdout.match(/ same$/gm)?.length, 4);
  t.match(stdout, /\n {2}digest [0-9a-f]{64}\n {2}eventDigest [0-9a-f]{14}\n$/);
  const directory = t.testdir();
  const ran = await sim(directory, 'run', smoke, ...short, '--json');
  const { digest } = JSON.parse(ran.stdout) as { digest: string };
  t.ok(stdout.includes(`digest ${digest}\n`), 'what sim run comes to');
});

t.test('a draw that belongs to nothing is found at its first event', async (t) => {
  // Messages take 10 ms, but the 500th.
  const delay = 'n === 500 ? 20_000 + Math.floor(Math.random() * 900_000) : 10_000';
  const directory = t.testdir({ 's.yaml': quick, 'p.mjs': latency('', delay) });
  const { status, stdout, stderr } = await sim(
    directory, 'verify', 's.yaml', '--plugin', './p.mjs', '--set', 'network.latency=odd', '--json',
  );
  t.equal(status, 3, stderr);
  const [{ checks }] = JSON.parse(stdout) as Verified[];
  t.equal(checks.length, 4);
  for (const { name, difference } of checks) {
    t.equal(difference?.of, 'event', name);
    t.ok(difference!.event > 500, name);
    t.match(difference!.before, / at \d+\.\d{6} s \(number \d+ of the sender\)$/);
    t.not(difference!.here, difference!.there);
  }
});

t.test('state that outlives a run is found, and nothing where there is none', async (t) => {
  const delay = '10_000 + (calls++ < 300 ? 1 : 0)';
  const directory = t.testdir({ 's.yaml': quick, 'p.mjs': latency('let calls = 0;', delay) });
  const { status, stdout } = await sim(
    directory, 'verify', 's.yaml', '--plugin', './p.mjs', '--set', 'network.latency=odd',
  );
  t.equal(status, 3);
  t.match(stdout, /again, at the same time in one process +differs, first at event \d+\n/);
  t.match(stdout, /with the other event queue \(heap\) +same\n/);
  t.match(stdout, /in a worker +same\n/);
  t.match(stdout, /after another run in the same process +differs, first at event \d+\n/);
  t.match(stdout, /\n {4}after {3}\S.*\n {4}first {3}\S.*\n {4}second {2}\S.*\n/);
});

t.test('several scenarios, all of them read before the first is run', async (t) => {
  const directory = t.testdir({ 'a.yaml': quick, 'b.yaml': 'durration: 1m\n' });
  const wrong = await sim(directory, 'verify', 'a.yaml', 'b.yaml');
  t.equal(wrong.status, 2);
  t.match(wrong.stderr, /^b\.yaml:1:1: unknown key durration/);
  t.equal(wrong.stdout, '');
  writeFileSync(join(directory, 'b.yaml'), quick.replace('quick', 'other'));
  const words = ['verify', 'a.yaml', 'b.yaml', '--seed', '7', '--json'];
  const { status, stdout } = await sim(directory, ...words);
  t.equal(status, 0);
  const verified = JSON.parse(stdout) as Verified[];
  t.same(verified.map(({ scenario, seed }) => [scenario, seed]), [['quick', 7], ['other', 7]]);
});

t.test('what comes first counts: an event, what is observed in it, or the counts', (t) => {
  const names = { managers: 2, processName: (address: number) => `manager-${address + 1}` };
  const event = (counter: number, timeUs = counter * 1000): JournalEvent => ({
    timeUs, receiver: 1, sender: 0, eventClass: MESSAGE, kind: 0, counter, copy: 0,
  });
  const records = (
    events: readonly JournalEvent[], observations: StepRecords['observations'],
  ): StepRecords => ({ first: 100, events, observations });
  const here = records([event(1), event(2), event(3)], [[101, 'a'], [102, 'b']]);
  const at = (there: StepRecords) => {
    const { of, event: number } = differenceOf(here, there, names);
    return [of, number];
  };
  t.same(at(records([event(1), event(2, 7), event(3)], here.observations)), ['event', 101]);
  t.same(at(records([event(1), event(2)], [[101, 'a']])), ['event', 102], 'one is over');
  t.same(at(records(here.events, [[101, 'a'], [102, 'c']])), ['observation', 102]);
  t.same(at(records(here.events, [[101, 'a']])), ['observation', 102], 'one observes no more');
  t.same(at(records([event(1), event(2), event(4)], [[101, 'x']])), ['observation', 101]);
  t.same(at(here), ['counts', 100]);
  t.end();
});
