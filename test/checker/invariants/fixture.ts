/** A small system, its bounds, and what becomes of an invariant on a sequence of observations. */
import type { Observation } from '../../../core/observations.js';
import type { Bounds } from '../../../checker/bounds/index.js';
import { Health } from '../../../checker/health/index.js';
import { createInvariants } from '../../../checker/invariants/index.js';
import type { Break } from '../../../experiment/invariant.js';
import { loadScenario } from '../../../checker/scenario.js';
import type { ResolvedScenario } from '../../../experiment/scenario/index.js';
import { ballot, makeInventory, Script, token } from '../health/world.js';
import { chosen } from './chosen.js';

export const scenario: ResolvedScenario = {
  ...loadScenario('scenarios/smoke.yaml'),
  rules: [{
    file: 'rules.yaml',
    text: 'rules: [{ name: mend, scope: local, when: entity.state == "down", do: restart,' +
      ' retry: { delay: 20us, factor: 2, max: 50us } }]',
  }],
};
export const inventory = makeInventory({ managers: 3, agents: 2, resourcesPerAgent: 1, zones: 2 });
const B = 100;
export const bounds: Bounds = {
  registrationUs: 100,
  handOverUs: 30,
  stalenessUs: 50,
  maxDelayUs: 1,
  patienceUs: 30,
  watching: {
    resource: { leastUs: 30, mostUs: 40, periodUs: 10 },
    manager: { leastUs: 30, mostUs: 40, periodUs: 10 },
    coordinator: { leastUs: 30, mostUs: 40, periodUs: 10 },
    holder: { leastUs: 30, mostUs: 30, periodUs: 10 },
    slowness: 1,
    quickness: 1,
    lookUs: 5,
    agentLookUs: 10,
  },
  announceUs: 20,
  wholeUs: 15,
  rebuildUs: 30,
  balanceUs: 50,
  moveUs: 40,
  shownUs: 60,
  goneUs: 90,
  listened: { givenUs: 40, heardUs: 30 },
  oneWayManagedUs: () => B,
  baseLoss: 0,
  baseHarm: null,
  afterEffectUs: 10,
  recoveryUs: B,
  warnings: [],
  expected: {
    resourceHeartbeats: 0, resourceAnswers: 0, managerHeartbeats: 0, managerAnswers: 0,
    overlayProbes: 0, overlayProbeAnswers: 0, overlayHeartbeats: 0, total: 0,
  },
  boundFor: (faults) => (faults.loss === 0 ? B : null),
};
export const b1 = ballot(1, 0);
export const b2 = ballot(2, 1);

export function broken(
  name: string, script: Script, endUs = 1000, of: ResolvedScenario = scenario,
  stalledSinceUs?: Bounds['stalledSinceUs'],
): Break | null {
  const health = new Health(inventory, bounds);
  const given = stalledSinceUs === undefined ? bounds : { ...bounds, stalledSinceUs };
  const [invariant] = createInvariants(
    chosen(name), { inventory, bounds: given, health, scenario: of });
  for (const { timeUs, process, observation } of script.seen) {
    health.observe(timeUs, process, observation);
    const isHeard = invariant.hears?.includes(observation.type) ?? true;
    if (isHeard) invariant.observe(timeUs, process, observation);
  }
  health.finish(endUs);
  invariant.finish?.(endUs);
  return invariant.broken;
}

/** A coordinator, a fail-over, a crash and an action: all as it should be. */
export function sound(): Script {
  return new Script()
    .at(0)
    .up(0, 1, 2, 3, 4)
    .elect(0, b1)
    .acknowledge(b1, 1, 2)
    .state(3, 0, 'starting', 1)
    .state(3, 0, 'up', 1)
    .state(4, 1, 'stopped', 0)
    .hold(3, 0, 0, token(b1, 1))
    .hold(4, 1, 1, token(b1, 2))
    .show(0, 0, 'starting', 1)
    .show(0, 0, 'up', 1)
    .show(0, 1, 'stopped', 0)
    .at(200)
    .down(0)
    .at(220)
    .elect(1, b2)
    .acknowledge(b2, 2)
    .show(1, 0, 'down', 1)
    .show(1, 0, 'up', 1)
    .show(1, 1, 'stopped', 0)
    .see(3, { type: 'ballot-heard', ballot: b2 })
    .at(230)
    .hold(3, 0, 2, token(b2, 1))
    .at(500)
    .state(3, 0, 'down', 1)
    .at(510)
    .show(1, 0, 'down', 1)
    .see(3, act('restart', 0, 1, token(b2, 1)))
    .state(3, 0, 'starting', 2)
    .show(1, 0, 'starting', 2)
    .at(520)
    .see(3, act('stop', 0, 2, token(b2, 0)))
    .see(3, act('stop', 0, 2, token(b2, 0)))
    .state(3, 0, 'stopped', 2)
    .show(1, 0, 'stopped', 2)
    .at(530)
    .see(3, act('start', 0, 2, token(b2, 0)))
    .state(3, 0, 'starting', 3)
    .state(3, 0, 'up', 3)
    .show(1, 0, 'up', 3)
    .at(550)
    .up(0)
    .see(0, { type: 'ballot-acknowledged', ballot: b1 })
    .acknowledge(b2, 0);
}

export function act(
  verb: 'restart' | 'start' | 'stop',
  resource: number,
  incarnation: number,
  authority: ReturnType<typeof token>,
): Observation {
  return { type: 'actuated', resource, verb, incarnation, authority };
}
