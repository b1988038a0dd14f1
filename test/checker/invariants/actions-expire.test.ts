/** Planted: actions that are given up too early or too late. */
import t from 'tap';
import { Health } from '../../../checker/health/index.js';
import { createInvariants } from '../../../checker/invariants/index.js';
import { expiredWithinUs } from '../../../core/rules/index.js';
import type { Break } from '../../../experiment/invariant.js';
import type { Script } from '../health/world.js';
import { chosen } from './chosen.js';
import { bounds, inventory, scenario, sound } from './fixture.js';

const { actions } = scenario.coordination;
const leastUs = (actions.retries + 1) * actions.timeoutUs;
const mostUs = expiredWithinUs(actions, bounds.watching.lookUs) + bounds.watching.lookUs;

function broken(script: Script): Break | null {
  const health = new Health(inventory, bounds);
  const [invariant] = createInvariants(
    chosen('actions-expire'), { inventory, bounds, health, scenario });
  for (const { timeUs, process, observation } of script.seen) {
    health.observe(timeUs, process, observation);
    invariant.observe(timeUs, process, observation);
  }
  return invariant.broken;
}

const beganUs = 1e9;
const own = { rule: 'mend', resource: 0, action: 7 };
const begun = (): Script =>
  sound().at(beganUs).see(1, { type: 'action-started', verb: 'restart', ...own });
const ended = (script: Script, afterUs: number, outcome: 'expired' | 'succeeded'): Script =>
  script.at(beganUs + afterUs).see(1, { type: 'action-ended', outcome, ...own });
const later = (script: Script): Script =>
  script.at(beganUs + 10 * mostUs).see(2, { type: 'process-down' });

void t.test('actions-expire', async (t) => {
  t.equal(broken(later(ended(begun(), leastUs, 'expired'))), null);
  t.match(broken(ended(begun(), 0.9 * leastUs, 'expired'))?.explanation, /has given up/);
  t.equal(broken(ended(begun(), 1000, 'succeeded')), null);
  t.match(broken(later(begun()))?.explanation, /waits still/);
  const paused = begun().at(beganUs + 1).see(1, { type: 'process-paused' });
  t.equal(broken(later(paused)), null, 'it stands still');
  t.equal(broken(later(begun().at(beganUs + 1).see(1, { type: 'process-down' }))), null);
  t.end();
});
