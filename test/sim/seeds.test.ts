/** Agents that know few managers from their start hear of others, and what is promised then. */
import t from 'tap';
import { deriveBounds } from '../../checker/bounds/index.js';
import { parseScenario } from '../../checker/scenario.js';
import { simulate } from '../soak/simulate.js';

const scenario = (seeds: number, fault: string) => parseScenario(`
duration: 6m
warmUp: 1m
system: { managers: 5, resources: [{ kind: service, count: 12, perHost: 2 }] }
coordination: { seeds: ${seeds} }
faults: [${fault}]
invariants: all
`, 'seeds.yaml');
/** The only one that agents know at first is down for good. */
const first = '{ at: 2m, crash: manager-1 }';
const other = '{ at: 2m, crash: manager-3 }';

t.test('without its seeds an agent finds those that it heard of', async (t) => {
  const { record: { summary, episodes } } = await simulate(scenario(1, first));
  t.match(summary.final, { healthy: true, managers: 4, unmanaged: 0 });
  t.same(summary.invariants.broken, []);
  t.ok(episodes.length > 0);
  t.ok(episodes.every(({ bound_s: bound }) => bound === null), 'nothing is promised');
  t.match(summary.warnings.join(), /agents know one manager of 5 from their start/);
});

t.test('where one of them lives B holds, though those heard of lately may be gone', async (t) => {
  for (const seeds of [1, 2, 5]) {
    const { record: { episodes, summary } } = await simulate(scenario(seeds, other));
    t.ok(episodes[0].settle_s! <= episodes[0].bound_s!);
    t.same(summary.invariants.broken, []);
  }
  const of = (seeds: number) => deriveBounds(scenario(seeds, '{ at: 2m, crash: { managers: 3 } }'));
  t.same(of(3).recoveryUs, null, 'all three may be those');
  t.ok(of(4).recoveryUs! > 0);
  t.same(of(0).warnings, []);
  t.same(of(0).recoveryUs, of(9).recoveryUs, 'all, and there are no more');
});
