/** What shipped scenarios come to, pinned: changed on purpose only, with a word in the commit. */
import t from 'tap';
import { explorationOf } from '../../experiment/exploration/index.js';
import { buildInventory } from '../../experiment/inventory.js';
import { loadScenario } from '../../experiment/scenario/index.js';
import { simulate } from '../soak/simulate.js';

const fingerprints: Readonly<Record<string, string>> = {
  smoke: '94dac29c4854d6ff',
  'coordinator-failover': 'f2f7ab630c8bb4ef',
  'manager-failure': '8f78b38a0e55fa47',
  'partition-and-heal': '32c6c25170a6ea8a',
  'rolling-restart': '5e9696b28b91f517',
  'live-smoke': '10b2dc0e21d3fabe',
  swarm: '3129422dcaf0b332',
};

/** Of `swarm`, with the faults that an exploration draws for the seed. */
const explored: Readonly<Record<number, string>> = {
  1: 'e14d3115fb9051b5', 2: 'a3937a80fb74843e', 3: '75dba9b0a52f8813', 4: 'fac9e11dbb849858',
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
  t.equal(result.digest?.slice(0, 16), '543b160d905ca076');
  const { episodes, maxSettleShare } = record.summary.recovery;
  t.ok(record.summary.final.healthy);
  t.same(record.summary.invariants.broken, []);
  t.ok(episodes >= 5, `${episodes} episodes`);
  t.ok(maxSettleShare !== null && maxSettleShare > 0.3 && maxSettleShare <= 1);
  const { digest, eventDigest } = (await run('heap')).result;
  t.same({ digest, eventDigest }, { digest: result.digest, eventDigest: result.eventDigest });
  t.not((await run('wheel', 43)).result.digest, result.digest);
});
