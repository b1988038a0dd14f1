/** A coordinator that is lost far from the root of its key, whose overlay never heard of it. */
import t from 'tap';
import { parseScenario } from '../../checker/scenario.js';
import { simulate } from '../soak/simulate.js';
import { inTime } from '../length.js';

/** More managers than anyone's leaf set holds. */
const far = (seed: number, fault: string) => simulate(parseScenario(`
seed: ${seed}
duration: 10m
warmUp: 2m
system:
  managers: ${inTime(60, 150)}
  zones: 2
  resources: [{ kind: service, count: ${inTime(150, 600)} }]
faults: [${fault}]
invariants: all
`, 'far.yaml'));

t.test('a new coordinator does not wait for the report of the one it replaces', async (t) => {
  const bounds = new Set<number>();
  for (const seed of inTime([1, 3], [1, 2, 3, 4])) {
    const { record } = await far(seed, '{ at: 4m, crash: coordinator }');
    const [episode] = record.episodes;
    t.equal(record.episodes.length, 1);
    t.same(record.summary.invariants.broken, []);
    // Registrations wait for the reports: those of all but the dead are in after a few delays.
    const waited = Number(episode.reregistered_s) - Number(episode.elected_s);
    t.ok(waited > 0 && waited < 15, `${waited} s, not the 30 s of coordination.rebuild`);
    bounds.add(Number(episode.bound_s));
  }
  // First in line or not, it is known to be gone, and bounds tell that nobody waits for it.
  t.same([...bounds].sort((a, b) => a - b), [83.17, 84.17]);
});

const pauses = ['20s', '22500ms', '25s', '28s', '34s', '90s'];

t.test('which may be back before, while or after its successor rebuilds', async (t) => {
  for (const pause of inTime(['22500ms', '28s', '90s'], pauses)) {
    for (const seed of inTime([1], [1, 3])) {
      const { record } = await far(seed, `{ at: 4m, pause: coordinator, repairAfter: ${pause} }`);
      const { invariants, final, availability } = record.summary;
      t.same(invariants.broken, [], pause);
      t.same([final.healthy, final.coordinators, final.unmanaged], [true, 1, 0]);
      t.ok((availability.managedShare ?? 0) > 0.99);
    }
  }
});

t.test('or be cut off with half of all, and meet its successor', async (t) => {
  for (const seed of inTime([1], [1, 3])) {
    const cut = '{ at: 4m, partition: [[zone-1], [zone-2]], repairAfter: 150s }';
    const { record } = await far(seed, cut);
    const { invariants, final, elections } = record.summary;
    t.ok(elections.count >= 1);
    t.same(invariants.broken, []);
    t.same([final.healthy, final.coordinators, final.unmanaged], [true, 1, 0]);
  }
});
