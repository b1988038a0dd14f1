/** phi accrual in the whole system: for resources and for managers, and through pauses. */
import t from 'tap';
import type { Observation } from '../../core/observations.js';
import { parseScenario } from '../../checker/scenario.js';
import { simulate } from '../soak/simulate.js';

const text = `
name: phi
duration: 20m
system: { managers: 8, resources: [{ kind: service, count: 80 }] }
network: { latency: { lognormal: { median: 20ms, sigma: 0.5 } } }
`;

/** Suspicions from the tenth minute on, by whom and of whom, in seconds after it. */
async function suspicions(detection: string, fault: string) {
  const set = [`coordination.detection=${detection}`, `faults=[${fault}]`];
  const found: { type: string; by: number; of: number; afterS: number }[] = [];
  const observe = (timeUs: number, by: number, observation: Observation): void => {
    const { type } = observation;
    const afterS = timeUs / 1e6 - 600;
    if (afterS < 0) return;
    if (type === 'resource-suspected') found.push({ type, by, of: observation.resource, afterS });
    if (type === 'manager-suspected') found.push({ type, by, of: observation.manager, afterS });
  };
  const scenario = parseScenario(text, 'phi.yaml', { set });
  const { record } = await simulate(scenario, { sinks: () => [{ observe }] });
  return { found, summary: record.summary };
}

const phi = '{ name: phi-accrual, minDeviation: 300ms, maxTimeout: 30s }';

t.test('finds a crashed manager, and a crashed resource, after its own patience', async (t) => {
  // h + z x 300 ms, less up to h since the last heartbeat, and a look a second.
  const patienceS = 10 + 5.61 * 0.3;
  const crash = '{ at: 10m, crash: [manager-3, service-7, service-30], repairAfter: 5m }';
  const { found, summary } = await suspicions(phi, crash);
  t.equal(found.length, 3, 'each once, and nobody else');
  for (const { type, of, afterS } of found) {
    t.ok(type === 'manager-suspected' ? of === 2 : of === 6 || of === 29, `${type} ${of}`);
    t.ok(afterS > patienceS - 10 && afterS < patienceS + 1.2, `${type}: ${afterS}`);
  }
  t.same(summary.invariants.broken, []);
  t.ok(summary.final.healthy);
  const fixed = await suspicions('fixed', crash);
  t.ok(fixed.found.every(({ afterS }) => afterS > 20), 'the fixed timeout takes its three periods');
});

t.test('blames nobody for a pause of its own, however it compares with its patience', async (t) => {
  for (const pauseS of [2, 5, 9, 12, 14.9, 15.1, 25, 100]) {
    const pause = `{ at: 10m, pause: manager-2, repairAfter: ${pauseS}s }`;
    const { found, summary } = await suspicions(phi, pause);
    const blamed = found.filter(({ by }) => by === 1);
    t.same(blamed, [], `${pauseS} s`);
    t.equal(summary.detection.falsePositives, 0, `${pauseS} s`);
    t.same(summary.invariants.broken, []);
  }
});
