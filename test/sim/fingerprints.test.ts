/** What shipped scenarios come to, pinned: changed on purpose only, with a word in the commit. */
import t from 'tap';
import { explorationOf } from '../../experiment/exploration/index.js';
import { buildInventory } from '../../experiment/inventory.js';
import { loadScenario } from '../../experiment/scenario/index.js';
import { simulate } from '../soak/simulate.js';

const fingerprints: Readonly<Record<string, string>> = {
  smoke: '775ab8e3b8910168',
  'coordinator-failover': 'd4bfc49ab887a640',
  'manager-failure': '1856b2339801de54',
  'partition-and-heal': '5f361ca04043181f',
  'rolling-restart': '3aa80b2832d25142',
  'live-smoke': '5469be69a5319f00',
  swarm: 'dba6e081a830ac73',
};

/** Of `swarm`, with the faults that an exploration draws for the seed. */
const explored: Readonly<Record<number, string>> = {
  1: 'a9972346f630c75f', 2: '466db56e6e44375d', 3: '91002056368ca6e6', 4: '47052f3f474b94e0',
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
  t.equal(result.digest?.slice(0, 16), 'eb490abc2ceb890a');
  const { episodes, maxSettleShare } = record.summary.recovery;
  t.ok(record.summary.final.healthy);
  t.same(record.summary.invariants.broken, []);
  t.ok(episodes >= 5, `${episodes} episodes`);
  t.ok(maxSettleShare !== null && maxSettleShare > 0.3 && maxSettleShare <= 1);
  const { digest, eventDigest } = (await run('heap')).result;
  t.same({ digest, eventDigest }, { digest: result.digest, eventDigest: result.eventDigest });
  t.not((await run('wheel', 43)).result.digest, result.digest);
});
