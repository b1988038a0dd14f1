/** When two failures are taken for the same: names, numbers and times do not tell them apart. */
import t from 'tap';
import { causeOf, sameCause } from '../../../campaign/explore/cause.js';
import { Coverage } from '../../../campaign/explore/situations.js';
import { StormWatch } from '../../../campaign/explore/storm.js';
import { parseScenario } from '../../../checker/scenario.js';

const health = (explanation: string) =>
  ({ invariant: 'healthy-within-bound', explanation, timeS: 1 });

t.test('who, how many and when is no cause; what is wrong is', async (t) => {
  const one = health('still unhealthy 105.0 s after 7 lost, 2 returned: ' +
    '3 live resources not held: ' +
    'web-13 obeys manager-4, which is down; ' +
    "manager-2's model is wrong about 1 resource: web-1 is up");
  const other = health('unhealthy 20.1 s after the last disturbance (1 lost), of its own accord: ' +
    '1 live resource not held: pool-2 obeys manager-1, which is down');
  t.ok(sameCause(one, other), causeOf(other));
  const another = health('still unhealthy 9.0 s after 1 lost: 2 managers (manager-3 for one) not ' +
    'behind coordinator manager-1');
  t.notOk(sameCause(one, another));
  t.notOk(sameCause(one, { ...one, invariant: 'well-in-the-end' }));
  const words = 'manager not behind coordinator manager';
  t.equal(causeOf(another), words.replace('manager', '# manager'));
});

t.test('a storm is known within seconds, in one instant too; bursts are none', async (t) => {
  const scenario = parseScenario(
    'duration: 1h\nsystem: { managers: 4, resources: [{ kind: service, count: 20 }] }\n', 's.yaml',
  );
  const busy = new StormWatch(scenario);
  for (let at = 0; at < 3600; at += 1) t.ok(busy.look(at * 1e6, at * 20));
  t.equal(busy.failure('probe'), null);
  const storm = new StormWatch(scenario);
  let events = 0;
  let atUs = 0;
  for (; storm.look(atUs, events); atUs += 1e5) events += 1000;
  t.ok(atUs < 10e6, `after ${atUs / 1e6} s`);
  const { explanation } = storm.failure('probe')!;
  t.match(explanation, /events within .* and no end of it, most of them pr/);
  const still = new StormWatch(scenario);
  for (events = 0; still.look(5, events); events += 16);
  t.match(still.failure('probe')!.explanation, /events in one instant/);
});

t.test('what is unseen is told by what one seed alone has seen, in any order', async (t) => {
  const seeds = [['a', 'b'], ['a'], ['a', 'c'], ['a', 'c']];
  const results = [[0, 1, 2, 3], [3, 1, 0, 2]].map((order) => {
    const coverage = new Coverage();
    for (const seed of order) coverage.add(seed, seeds[seed]);
    return coverage.result();
  });
  t.same(results[0], results[1]);
  t.equal(results[0].chanceOfNew, 0.25, 'b alone');
  t.same(results[0].saturation, [
    { seeds: 1, situations: 2 }, { seeds: 2, situations: 2 }, { seeds: 4, situations: 3 },
  ]);
});
