/** What shipped scenarios come to, pinned: changed on purpose only, with a word in the commit. */
import t from 'tap';
import { explorationOf } from '../../experiment/exploration/index.js';
import { buildInventory } from '../../experiment/inventory.js';
import { loadScenario } from '../../experiment/scenario/index.js';
import { simulate } from '../soak/simulate.js';

const fingerprints: Readonly<Record<string, string>> = {
  smoke: '2f2c63b54ceb8e85',
  'coordinator-failover': '8ab69b04c518f5be',
  'manager-failure': '5ec2fb928d87519f',
  'partition-and-heal': 'c677629d0c6f88c9',
  'rolling-restart': '01a46424f1eca490',
  'live-smoke': '51353b8a812b9e9c',
  swarm: '792132b3f345e29f',
};

/** Of `swarm`, with the faults that an exploration draws for the seed. */
const explored: Readonly<Record<number, string>> = {
  1: 'd2ab82e67dc7ad6f', 2: 'f49dcc5719cf6793', 3: '0fd5b9c0be7e2f95', 4: '3b4b36023fd98a54',
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

void t.test('1000-nodes recovers within its bound, the same with either queue', async (t) => {
  const run = (queue: string, seed?: number) =>
    simulate(loadScenario('scenarios/1000-nodes.yaml', { set: [`engine.queue=${queue}`], seed }));
  const { record, result } = await run('wheel');
  t.equal(result.digest?.slice(0, 16), 'c12d16a26affd77e');
  const { episodes, maxSettleShare } = record.summary.recovery;
  t.ok(record.summary.final.healthy);
  t.same(record.summary.invariants.broken, []);
  t.ok(episodes >= 5, `${episodes} episodes`);
  t.ok(maxSettleShare !== null && maxSettleShare > 0.3 && maxSettleShare <= 1);
  const { digest, eventDigest } = (await run('heap')).result;
  t.same({ digest, eventDigest }, { digest: result.digest, eventDigest: result.eventDigest });
  t.not((await run('wheel', 43)).result.digest, result.digest);
});
