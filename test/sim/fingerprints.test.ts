/** What shipped scenarios come to, pinned: changed on purpose only, with a word in the commit. */
import t from 'tap';
import { explorationOf } from '../../campaign/explore/schedules/index.js';
import { buildInventory } from '../../experiment/inventory.js';
import { loadScenario } from '../../checker/scenario.js';
import { inTime } from '../length.js';
import { simulate } from '../soak/simulate.js';

const fingerprints: Readonly<Record<string, string>> = {
  smoke: '0eaa40468a7209ab',
  'coordinator-failover': '9a1d037557f59327',
  'manager-failure': 'd2ca516d0d2c5d7b',
  'partition-and-heal': '5a5353e8308c2634',
  'rolling-restart': '688f195bde860fb5',
  'live-smoke': '8248116d3230283a',
  swarm: '8ff9578cca304238',
};

/** Of `swarm`, with the faults that an exploration draws for the seed. */
const explored: Readonly<Record<number, string>> = {
  1: '8a7cc2fda8e20f8c', 2: '31aef7ff4c0b8437', 3: 'c1d3786abdd7cb17', 4: 'cc8554aa560f112d',
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
  t.equal(result.digest?.slice(0, 16), '4c4b07694058bd37');
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
