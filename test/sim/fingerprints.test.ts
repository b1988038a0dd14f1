/** What shipped scenarios come to, pinned: changed on purpose only, with a word in the commit. */
import t from 'tap';
import { explorationOf } from '../../campaign/explore/schedules/index.js';
import { buildInventory } from '../../experiment/inventory.js';
import { loadScenario } from '../../checker/scenario.js';
import { inTime } from '../length.js';
import { simulate } from '../soak/simulate.js';

const fingerprints: Readonly<Record<string, string>> = {
  smoke: 'c658a7adea9fa0bc',
  'coordinator-failover': 'b12c62e3de08bc32',
  'manager-failure': 'c324944661138ee9',
  'partition-and-heal': 'cc6334a6206fbfc2',
  'rolling-restart': 'ba51121cb9d0abde',
  'live-smoke': '6eac14f9d9c26f09',
  swarm: '69c29d62ad966822',
};

/** Of `swarm`, with the faults that an exploration draws for the seed. */
const explored: Readonly<Record<number, string>> = {
  1: 'df1a138c4abccbe3', 2: '01513a6a620feac5', 3: '25613b440d010d08', 4: 'af6efa82b95e7845',
};

for (const [seed, fingerprint] of Object.entries(explored)) {
  void t.test(`swarm, explored with seed ${seed}`, async (t) => {
    const base = loadScenario('scenarios/swarm.yaml');
    const { scenario } = explorationOf(base, buildInventory(base), Number(seed));
    const { record, result } = await simulate(scenario);
    t.equal(result.digest?.slice(0, 16), fingerprint);
    t.ok(record.summary.final.healthy);
    t.same(record.summary.invariants.broken, []);
  });
}

for (const [name, fingerprint] of Object.entries(fingerprints)) {
  void t.test(name, async (t) => {
    const { record, result } = await simulate(loadScenario(`scenarios/${name}.yaml`));
    t.equal(result.digest?.slice(0, 16), fingerprint);
    t.ok(record.summary.final.healthy);
    t.same(record.summary.invariants.broken, []);
  });
}

const run = (name: string, queue: string, seed?: number) =>
  simulate(loadScenario(`scenarios/${name}.yaml`, { set: [`engine.queue=${queue}`], seed }));

void t.test('1000-nodes recovers within its bound', async (t) => {
  const { record, result } = await run('1000-nodes', 'wheel');
  t.equal(result.digest?.slice(0, 16), '39073c55112cbede');
  const { episodes, maxSettleShare } = record.summary.recovery;
  t.ok(record.summary.final.healthy);
  t.same(record.summary.invariants.broken, []);
  t.ok(episodes >= 5, `${episodes} episodes`);
  t.ok(maxSettleShare !== null && maxSettleShare > 0.3 && maxSettleShare <= 1);
});

const small = 'partition-and-heal';
void t.test('it is the same with either queue, and another with another seed', async (t) => {
  for (const name of inTime([small], [small, '1000-nodes'])) {
    const { digest, eventDigest } = (await run(name, 'wheel')).result;
    const heap = (await run(name, 'heap')).result;
    t.same({ digest: heap.digest, eventDigest: heap.eventDigest }, { digest, eventDigest });
    t.not((await run(name, 'wheel', 43)).result.digest, digest);
  }
});
