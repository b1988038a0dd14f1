/** The shipped scenario of a thousand units of five years' mean life: all failures recovered. */
import { loadScenario } from '../../experiment/scenario/index.js';
import type { Check } from './check.js';
import { simulate } from './simulate.js';

export const fiveYearUnits: Check = async (scale, progress) => {
  const set = scale === 'long' ? [] : ['duration=2d'];
  progress('sixty days');
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
      ok: broken.length === 0 && final.healthy && perFault.censored === 0,
    },
  ];
};
