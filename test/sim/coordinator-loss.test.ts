/** A coordinator that dies far from the root of its key, whose overlay never heard of it. */
import t from 'tap';
import { parseScenario } from '../../experiment/scenario/index.js';
import { simulate } from '../soak/simulate.js';

/** More managers than anyone's leaf set holds; the dead stay dead. */
const scenario = (seed: number) => parseScenario(`
seed: ${seed}
duration: 8m
warmUp: 2m
system: { managers: 150, resources: [{ kind: service, count: 600 }] }
faults: [{ at: 4m, crash: coordinator }]
invariants: all
`, 'far.yaml');

t.test('a new coordinator does not wait for the report of the one it replaces', async (t) => {
  let far = 0;
  for (const seed of [1, 2, 3, 4]) {
    const one = scenario(seed);
    const { record } = await simulate(one);
    const [episode] = record.episodes;
    t.equal(record.episodes.length, 1);
    t.same(record.summary.invariants.broken, []);
    const rebuildS = one.coordination.rebuildUs / 1e6;
    const { elected_s: elected, reregistered_s: reregistered } = episode;
    const waited = Number(reregistered) - Number(elected);
    t.ok(waited > 0 && waited < rebuildS / 2, `${waited} s of ${rebuildS} s`);
    // Registrations wait for the reports: those of all but the dead are in after a few delays.
    if (episode.bound_s !== null && episode.bound_s > 100) far += 1;
  }
  t.ok(far >= 1, 'of some the root had not heard before');
});
