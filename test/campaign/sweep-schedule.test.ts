import t from 'tap';
import { Pool } from '../../campaign/executors/pool.js';
import { Schedule, type Slot } from '../../campaign/sweep/schedule.js';
import type { SweepTask } from '../../campaign/sweep/task.js';

const precision = {
  measure: 'm',
  halfWidth: 0.1,
  relative: true,
  confidence: 0.95,
  min: 3,
  max: 20,
};

/** Ends all that is wanted, in the order given, with a value per replication. */
function replicate(
  schedule: Schedule,
  valueOf: (slot: Slot) => number | null,
  order: (slots: Slot[]) => Slot[] = (slots) => slots,
): Slot[] {
  const ended: Slot[] = [];
  for (let open: Slot[] = [...schedule.first]; open.length > 0; ) {
    const [slot, ...rest] = order(open);
    ended.push(slot);
    open = [...rest, ...schedule.end(slot, [valueOf(slot)])];
  }
  return ended;
}

t.test('a fixed number of replications is dealt to shards without rest or doubles', (t) => {
  const shards = [1, 2, 3].map((index) => new Schedule(4, 5, { index, count: 3 }));
  const all = shards.flatMap(({ first }) => first).map((slot) => JSON.stringify(slot));
  t.equal(all.length, 20);
  t.same(new Set(all), new Set(new Schedule(4, 5, null).first.map((s) => JSON.stringify(s))));
  t.ok(shards.every(({ first }) => first.length >= 6 && first.length <= 7), 'evenly');
  t.end();
});

t.test('replications go on until the mean is known well enough', (t) => {
  const counts = (valueOf: (slot: Slot) => number | null): number =>
    replicate(new Schedule(1, precision, null), valueOf).length;
  t.equal(counts(() => 5), 3, 'no spread');
  t.equal(counts(({ replication }) => (replication % 2 === 0 ? 1 : 9)), 20, 'as many as allowed');
  const some = counts(({ replication }) => 10 + (replication % 3));
  t.ok(some > 3 && some < 20, `${some}`);
  t.equal(counts(() => null), 20, 'never measured');
  t.end();
});

t.test('whole batches are made until all measures are known well enough', (t) => {
  const sequential = {
    measures: [
      { measure: 'a', halfWidth: 0.1, relative: true },
      { measure: 'b', halfWidth: 2, relative: false },
    ],
    confidence: 0.95, batch: 10, max: 35,
  };
  const counts = (valuesOf: (replication: number) => (number | null)[]): number => {
    const schedule = new Schedule(1, sequential, null);
    const ended: Slot[] = [];
    for (let open: readonly Slot[] = schedule.first; open.length > 0; ) {
      // In whatever order they end.
      const more = [...open].reverse().flatMap((slot) => {
        ended.push(slot);
        return schedule.end(slot, valuesOf(slot.replication));
      });
      open = more;
    }
    return ended.length;
  };
  t.equal(counts(() => [5, 5]), 10);
  t.equal(counts((k) => [5, k % 2 === 0 ? 1 : 7]), 20, 'the slower of the two counts');
  t.equal(counts((k) => [k % 2 === 0 ? 1 : 7, 5]), 35, 'the last batch ends at the maximum');
  t.equal(counts(() => [5, null]), 35, 'what is not measured is not known');
  t.end();
});

t.test('which replications are made depends on no order', (t) => {
  const value = ({ cell, replication }: Slot): number =>
    10 + (((cell + 1) * 7 + replication * 5) % 4);
  const made = (order: (slots: Slot[]) => Slot[]): Set<string> => {
    const schedule = new Schedule(5, precision, null);
    return new Set(replicate(schedule, value, order).map((slot) => JSON.stringify(slot)));
  };
  const plain = made((slots) => slots);
  t.ok(plain.size > 15);
  t.same(made((slots) => [...slots].reverse()), plain);
  const shards = [1, 2].map((index) => new Schedule(5, precision, { index, count: 2 }));
  const divided = shards.flatMap((schedule) => replicate(schedule, value));
  t.same(new Set(divided.map((slot) => JSON.stringify(slot))), plain, 'nor on shards');
  t.end();
});

const task = (runId: string, scenario: string): SweepTask => ({
  runId,
  scenario,
  directory: '',
  code: '',
  command: '',
  plugins: { files: [], hash: '' },
});

/** Says `done`, throws in mid-run, dies or exits, as its scenario tells it. */
const worker = `
process.on('message', ({ runId, scenario }) => {
  if (scenario === 'dies') process.kill(process.pid, 'SIGKILL');
  if (scenario === 'leaves') { console.error('last words'); process.exit(7); }
  if (scenario === 'throws') throw new Error('in mid-run');
  const kind = scenario === 'full' ? 'environment' : 'done';
  process.send({ kind, runId, reason: 'no space left' });
});
`;

type Tap = { testdir(files: Record<string, string>): string };

async function pooled(t: Tap, scenarios: readonly string[]) {
  const script = new URL(`file://${t.testdir({ 'worker.mjs': worker })}/worker.mjs`);
  const tasks = scenarios.map((scenario, index) => task(String(index), scenario));
  const ended = new Map<string, string | null>();
  const user = {
    next: () => tasks.shift() ?? null,
    left: () => tasks.length,
    ended: ({ runId }: SweepTask, crashed: string | null) => void ended.set(runId, crashed),
    progress: () => undefined,
  };
  await new Pool<SweepTask>(2, script).execute(user);
  return ended;
}

t.test('every run ends once, however its worker does', async (t) => {
  const scenarios = ['ok', 'dies', 'ok', 'leaves', 'throws', 'ok', 'dies', 'ok', 'ok', 'ok'];
  const ended = await pooled(t, scenarios);
  t.equal(ended.size, scenarios.length);
  for (const [index, scenario] of scenarios.entries()) {
    const crashed = ended.get(String(index)) ?? null;
    if (scenario === 'ok') t.equal(crashed, null, `${index} ${scenario}`);
    if (scenario === 'dies') t.match(crashed, /died \(SIGKILL\)/);
    if (scenario === 'leaves') t.match(crashed, /died \(exit code 7\)\nlast words/);
    if (scenario === 'throws') t.match(crashed, /in mid-run/);
  }
  t.equal((await pooled(t, [])).size, 0, 'nothing to do');
});

t.test('where the disk is full, no other run is tried', async (t) => {
  await t.rejects(pooled(t, ['ok', 'full', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok']), {
    name: 'ExecutorError',
    message: 'no space left',
  });
});
