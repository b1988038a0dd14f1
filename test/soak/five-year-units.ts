/** The shipped scenario of a thousand units of five years' mean life: all failures recovered. */
import { loadScenario } from '../../checker/scenario.js';
import type { Check } from './check.js';
import { simulate } from './simulate.js';

/** As many failures in six hours as otherwise in three weeks. */
const hurried = [
  'duration=6h',
  ...[0, 1].flatMap((fault) => [
    `faults[${fault}].random.lifetime.exponential=30d`, `faults[${fault}].repairAfter=5m`,
  ]),
];

export const fiveYearUnits: Check = async (scale, progress) => {
  const set = scale === 'long' ? [] : hurried;
  progress(scale === 'long' ? 'sixty days' : 'six hours');
  const scenario = loadScenario('scenarios/five-year-units.yaml', { set });
  const { record, recorder } = await simulate(scenario);
  const { faults, final, recovery } = record.summary;
  const broken = recorder.invariants.filter((invariant) => invariant.broken !== null);
  const { perFault } = recovery;
  return [
    {
      what: `five-year-units, ${scenario.durationUs / 86_400e6} days`,
      measured:
        `${faults.injected} failures, ${perFault.count} recovered, ${perFault.censored} open, ` +
        `${broken.length} invariants broken`,
      wanted: 'all failures recovered, healthy at the end, no invariant broken',
      ok: broken.length === 0 && final.healthy && perFault.censored === 0 && faults.injected > 4,
    },
  ];
};
