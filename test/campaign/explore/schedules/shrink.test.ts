/** Shrinking against oracles that are known: what is left is what they ask for, and no more. */
import t, { type Test } from 'tap';
import { explorationOf, shrink } from '../../../../campaign/explore/schedules/index.js';
import { buildInventory } from '../../../../experiment/inventory.js';
import { loadScenario, parseScenario } from '../../../../checker/scenario.js';
import {
  ScenarioError, toYaml, type ResolvedScenario,
} from '../../../../experiment/scenario/index.js';
import { inTime } from '../../../length.js';

const base = loadScenario('scenarios/swarm.yaml');

function drawn(seed: number): ResolvedScenario {
  return explorationOf(base, buildInventory(base), seed).scenario;
}

/** Shrinks; fails where a candidate is asked for twice, or there is no end. */
async function shrunk(
  t: Test, scenario: ResolvedScenario, breaks: (candidate: ResolvedScenario) => boolean,
): Promise<ResolvedScenario> {
  const asked = new Set<string>();
  const result = await shrink(scenario, {
    breaks: (candidate) => {
      const text = toYaml(candidate);
      if (asked.has(text)) t.fail(`asked twice for ${text}`);
      asked.add(text);
      if (asked.size > 5000) throw new Error('there is no end of it');
      return Promise.resolve(isScenario(text) && breaks(candidate));
    },
  });
  t.ok(breaks(result.scenario), 'it still breaks');
  return result.scenario;
}

/** Faults may name whom there is no more: such a candidate breaks nothing, as in a run. */
function isScenario(text: string): boolean {
  try {
    parseScenario(text, 'candidate.yaml');
    return true;
  } catch (error) {
    if (error instanceof ScenarioError) return false;
    throw error;
  }
}

const kinds = ({ faults }: ResolvedScenario) => faults.map(({ action }) => action.kind);

t.test('two faults that it takes together are what is left', async (t) => {
  for (const seed of inTime([8], [3, 8, 21, 34])) {
    const scenario = drawn(seed);
    const [first, last] = [scenario.faults[0].action.kind, scenario.faults.at(-2)!.action.kind];
    const after = await shrunk(t, scenario, (one) => {
      const at = kinds(one).indexOf(first);
      return at >= 0 && kinds(one).slice(at + 1).includes(last);
    });
    t.same(kinds(after), [first, last], `seed ${seed}`);
    t.ok(after.system.managers < scenario.system.managers);
    t.ok(after.durationUs < scenario.durationUs);
  }
});

t.test('what breaks without any fault has none left', async (t) => {
  const after = await shrunk(t, drawn(5), () => true);
  t.same(after.faults, []);
});

t.test('strength, length and number go down as far as it still breaks', async (t) => {
  const scenario = parseScenario(`
name: s
duration: 10m
system: { managers: 9, zones: 3, resources: [{ kind: service, count: 30, perHost: 3 }] }
faults:
  - { at: 123456ms, loss: 40%, repairAfter: 47s }
  - { at: 200s, crash: [manager-3, manager-4, manager-5], repairAfter: 33s }
  - { at: 210s, pause: { successors: 3 }, repairAfter: 20s }
`, 's.yaml');
  const after = await shrunk(t, scenario, ({ faults, system }) => system.managers >= 5 &&
    faults.some(({ action, repair }) => action.kind === 'loss' && action.share >= 0.09 &&
      repair?.kind === 'constant' && repair.value >= 10) &&
    faults.some(({ action }) => action.kind === 'crash' && action.targets.some((target) => {
      return target.kind === 'named' && target.name === 'manager-4';
    })));
  t.equal(after.system.managers, 5);
  t.equal(after.faults.length, 2);
  const [loss, crash] = after.faults;
  t.match(loss.action, { kind: 'loss', share: 0.1 });
  t.match(loss.when, { kind: 'at', atUs: 120_000_000 }, 'a rounder time');
  t.ok(loss.repair?.kind === 'constant' && loss.repair.value < 13);
  t.match(crash.action, { targets: [{ name: 'manager-4' }] });
});

t.test('links that are harmed become fewer, one at least', async (t) => {
  const scenario = parseScenario(`
name: s
duration: 10m
system: { managers: 6, zones: 2 }
faults:
  - at: 2m
    partition: { oneWay: { from: [manager-1, manager-2], to: [manager-3, manager-4] } }
    repairAfter: 9s
`, 's.yaml');
  const after = await shrunk(t, scenario, ({ faults }) => faults.length === 1);
  const [{ action }] = after.faults;
  t.ok(action.kind === 'partition' && 'cut' in action && action.cut.kind === 'oneWay');
  const { cut } = action as unknown as { cut: { from: unknown[]; to: unknown[] } };
  t.equal(cut.from.length, 1);
  t.equal(cut.to.length, 1);
});

t.test('settings go back to their defaults, as far as it still breaks', async (t) => {
  const scenario = parseScenario(`
name: s
duration: 10m
system: { managers: 3, racks: 2, clocks: { drift: 0.01% }, service: { manager: 1ms } }
coordination:
  overlay: full-mesh
  assignment: round-robin
  resources: { heartbeatPeriod: 4s, checkPeriod: 3s }
  entriesPerMessage: 7
network: { duplication: 10%, jitter: 5ms }
`, 's.yaml');
  const after = await shrunk(t, scenario, ({ coordination }) =>
    coordination.assignment.name === 'round-robin' &&
    coordination.resources.checkPeriodUs >= 2e6);
  const { coordination, system, network } = after;
  t.equal(coordination.resources.heartbeatPeriodUs, 10e6);
  t.equal(coordination.overlay.name, 'pastry');
  t.equal(coordination.entriesPerMessage, 100);
  t.same([system.racks, system.clocks.drift, system.service.managerUs], [1, 0, 0]);
  t.same(network.impairments, []);
});

t.test('what comes again and again comes once, and what flaps stays', async (t) => {
  const scenario = parseScenario(`
name: s
duration: 10m
system: { managers: 3, zones: 2 }
faults:
  - { every: 30s, from: 1m, until: 5m, pause: manager-1, repairAfter: 5s }
  - { at: 2m, partition: [[zone-1], [zone-2]], flapping: { bad: 1s, good: 2s }, repairAfter: 1m }
  - { when: { during: offer, after: 1s, times: 3 }, crash: { concerned: host }, loseState: true }
`, 's.yaml');
  const after = await shrunk(t, scenario, ({ faults }) => faults.length === 3);
  const times = after.faults.map(({ when }) => when.kind);
  t.same(times, ['at', 'at', 'during']);
  t.equal(after.faults[1].flapping, undefined);
  t.match(after.faults[2].when, { times: 1, after: { value: 0 } });
  t.notOk('loseState' in after.faults[2].action);
});
