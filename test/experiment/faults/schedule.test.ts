import t from 'tap';
import { faultSchedule } from '../../../experiment/faults/index.js';
import { buildInventory } from '../../../experiment/inventory.js';
import type { FaultSettings } from '../../../experiment/scenario/resolved.js';
import { constant, scenarioOf, SECOND } from '../../sim/world/fixture.js';

const DAY_S = 86_400;
const DAY_US = DAY_S * SECOND;

/** Each of a thousand units lives for five years in the mean, and takes an hour to repair. */
const fiveYearUnits: FaultSettings = {
  action: { kind: 'crash', targets: [{ kind: 'resources', count: 1 }] },
  when: {
    kind: 'random',
    lifetime: { kind: 'exponential', mean: 5 * 365.25 * DAY_S },
    fromUs: 0,
    untilUs: 60 * DAY_US,
  },
  repair: constant(3600),
};

t.test('a thousand five-year units fail as often as they should', async (t) => {
  const counts: number[] = [];
  for (let seed = 1; seed <= 20; seed += 1) {
    const scenario = scenarioOf({
      seed,
      durationUs: 60 * DAY_US,
      resources: 1000,
      faults: [fiveYearUnits],
    });
    counts.push(faultSchedule(scenario, buildInventory(scenario)).length);
  }
  const total = counts.reduce((sum, count) => sum + count, 0);
  // 20 * 1000 * 60 days / (5 years + an hour) is 657; 3.3 standard deviations on either side.
  t.ok(total >= 574 && total <= 743, `${total} failures`);
  // Index of dispersion: chi-square with 19 degrees of freedom; 43.8 at 99.9%.
  const mean = total / counts.length;
  const dispersion = counts.reduce((sum, count) => sum + (count - mean) * (count - mean), 0) / mean;
  t.ok(dispersion < 43.82, `dispersion ${dispersion} of ${counts.join()}`);
  t.ok(dispersion > 3, 'counts of independent runs vary');
});
