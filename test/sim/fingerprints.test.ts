/** What shipped scenarios come to, pinned: changed on purpose only, with a word in the commit. */
import t from 'tap';
import { explorationOf } from '../../campaign/explore/schedules/index.js';
import { buildInventory } from '../../experiment/inventory.js';
import { loadScenario } from '../../checker/scenario.js';
import { inTime } from '../length.js';
import { simulate } from '../soak/simulate.js';

const fingerprints: Readonly<Record<string, string>> = {
  smoke: '4d45031c241675c1',
  'coordinator-failover': '335e6585ed03f6c3',
  'manager-failure': 'a353b7c3ce35ced4',
  'partition-and-heal': '503ef724b8731f00',
  'rolling-restart': 'e2923dbb07027f20',
  'live-smoke': '8c3c146ebbe5319f',
  swarm: '7d1b7751a46ae84f',
};

/** Of `swarm`, with the faults that an exploration draws for the seed. */
const explored: Readonly<Record<number, string>> = {
  1: '0a57b21d4a924fc2', 2: 'd4fa3d9e62ef03f5', 3: 'ec32e6dcef862e7e', 4: 'cfbd5b36cf4b42df',
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
  t.equal(result.digest?.slice(0, 16), '957a4e4470c77c4a');
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
