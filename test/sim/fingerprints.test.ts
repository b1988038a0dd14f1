/** What shipped scenarios come to, pinned: changed on purpose only, with a word in the commit. */
import t from 'tap';
import { explorationOf } from '../../experiment/exploration/index.js';
import { buildInventory } from '../../experiment/inventory.js';
import { loadScenario } from '../../experiment/scenario/index.js';
import { simulate } from '../soak/simulate.js';

const fingerprints: Readonly<Record<string, string>> = {
  smoke: 'c608d7fbb1afa385',
  'coordinator-failover': '8cb02a48e0d218dd',
  'manager-failure': '04387710431eb1e0',
  'partition-and-heal': '8cb1f95b2d321882',
  'rolling-restart': '777b78dd885b76fe',
  'live-smoke': 'b6ea895cb2fc8204',
  swarm: 'dba6e081a830ac73',
};

/** Of `swarm`, with the faults that an exploration draws for the seed. */
const explored: Readonly<Record<number, string>> = {
  1: '79ac963784d796a9', 2: '99e3ef1e16d1a38f', 3: 'a14af240554694bd', 4: '5e0a568ba51fbbd4',
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
  t.equal(result.digest?.slice(0, 16), 'dc23dfd2d08ad15f');
  const { episodes, maxSettleShare } = record.summary.recovery;
  t.ok(record.summary.final.healthy);
  t.same(record.summary.invariants.broken, []);
  t.ok(episodes >= 5, `${episodes} episodes`);
  t.ok(maxSettleShare !== null && maxSettleShare > 0.3 && maxSettleShare <= 1);
  const { digest, eventDigest } = (await run('heap')).result;
  t.same({ digest, eventDigest }, { digest: result.digest, eventDigest: result.eventDigest });
  t.not((await run('wheel', 43)).result.digest, result.digest);
});
