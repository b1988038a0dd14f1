/** Planted: a host begins what had expired. */
import t from 'tap';
import { Health } from '../../../checker/health/index.js';
import { createInvariants } from '../../../checker/invariants/index.js';
import type { Break } from '../../../experiment/invariant.js';
import { token, type Script } from '../health/world.js';
import { chosen } from './chosen.js';
import { b2, bounds, inventory, scenario, sound } from './fixture.js';

function broken(script: Script, deadlines = true): Break | null {
  const { coordination } = scenario;
  const actions = { ...coordination.actions, deadlines };
  const context = {
    inventory, bounds, health: new Health(inventory, bounds),
    scenario: { ...scenario, coordination: { ...coordination, actions } },
  };
  const [invariant] = createInvariants(chosen('no-late-action'), context);
  for (const { timeUs, process, observation } of script.seen) {
    context.health.observe(timeUs, process, observation);
    invariant.observe(timeUs, process, observation);
  }
  return invariant.broken;
}

const own = { rule: 'mend', resource: 0, action: 7 };
const done = {
  type: 'actuated', resource: 0, verb: 'restart', incarnation: 1, authority: token(b2, 7),
} as const;
const begun = (): Script =>
  sound().at(1e9).see(1, { type: 'action-started', verb: 'restart', ...own });
const expired = (script: Script): Script =>
  script.at(2e9).see(1, { type: 'action-ended', outcome: 'expired', ...own });

void t.test('no-late-action', async (t) => {
  t.equal(broken(begun().at(2e9).see(3, done)), null);
  const late = (): Script => expired(begun()).at(3e9).see(3, done);
  t.match(broken(late())?.explanation, /told to restart 1000.0 s after/);
  t.equal(broken(late(), false), null, 'without deadlines it is nothing unusual');
  const again = expired(begun()).at(2.5e9)
    .see(1, { type: 'action-started', verb: 'restart', ...own, action: 9 });
  t.equal(broken(again.at(3e9).see(3, done)), null, 'the next one may be carried out');
  const died = begun().at(1.5e9).see(1, { type: 'process-down' }).at(3e9).see(3, done);
  t.equal(broken(died), null, 'who died had not taken it for expired');
  t.end();
});
