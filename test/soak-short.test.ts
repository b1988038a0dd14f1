/**
 * The checks of `npm run soak`, at counts that a test run can afford; that of phi accrual makes a
 * figure of docs (docs/figures).
 */
import t from 'tap';
import type { Check } from './soak/check.js';
import { bounds } from './soak/bounds.js';
import { chaos } from './soak/chaos.js';
import { clusteredMean, detection } from './soak/detection.js';
import { fiveYearUnits } from './soak/five-year-units.js';
import { ringChurn } from './soak/ring-churn.js';
import { reports } from './soak/reports.js';
import { rings } from './soak/rings.js';
import { statistics } from './soak/statistics.js';
import { succession } from './soak/succession.js';
import { traffic } from './soak/traffic.js';

const checks: Record<string, Check> = {
  traffic, detection, succession, bounds, chaos, rings, ringChurn, fiveYearUnits,
  statistics, reports,
};
for (const [name, check] of Object.entries(checks)) {
  void t.test(name, async (t) => {
    for (const { what, measured, wanted, ok, skipped } of await check('short', () => {})) {
      if (skipped === true) t.pass(`${what}: ${measured}`, { skip: measured });
      else t.ok(ok, `${what}: ${measured}, wanted ${wanted}`);
    }
  });
}

void t.test('the standard error knows that times of one resource go together', (t) => {
  const apart = clusteredMean([[1], [1], [3], [3]]);
  const together = clusteredMean([[1, 1], [3, 3]]);
  t.equal(apart.mean, 2);
  t.equal(apart.standardError, 0.5);
  t.equal(together.standardError, Math.SQRT1_2);
  t.end();
});
