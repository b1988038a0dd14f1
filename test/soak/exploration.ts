/** Core as it is, explored: no seed breaks a promise. */
import { fileURLToPath } from 'node:url';
import { explore } from '../../campaign/explore/explore.js';
import { loadScenario } from '../../checker/scenario.js';
import type { Check } from './check.js';

const swarm = fileURLToPath(new URL('../../../scenarios/swarm.yaml', import.meta.url));

export const exploration: Check = async (scale, progress) => {
  const seeds = scale === 'long' ? 5000 : 20;
  progress(`${seeds} seeds`);
  const { found, tried, faults, marks, maxSettleShare } = await explore({
    scenario: loadScenario(swarm), from: 1, seeds,
  });
  const never = Object.keys(marks).filter((name) => marks[name].times === 0);
  return [
    {
      what: `swarm, ${tried} seeds with ${faults} faults`,
      measured: found === null
        ? 'no promise broken'
        : `seed ${found.seed} breaks ${found.failure.invariant}: ${found.failure.explanation}`,
      wanted: 'no promise broken',
      ok: found === null && tried === seeds,
    },
    {
      what: 'longest time to settle, as a share of the bound',
      measured: String(maxSettleShare?.toFixed(2)),
      wanted: 'at most 1',
      ok: maxSettleShare !== null && maxSettleShare <= 1,
    },
    {
      what: 'situations of core never reached',
      measured: never.length === 0 ? 'none' : never.join('; '),
      wanted: 'reported',
      ok: true,
    },
  ];
};
