/** Mean detection time of crashed resources against the formula of docs/protocol.md. */
import type { Observation, ObservationSink } from '../../core/observations.js';
import { parseScenario } from '../../checker/scenario.js';
import type { Check, Finding } from './check.js';
import { simulate } from './simulate.js';

interface Setting {
  readonly tauS: number;
  readonly periodS: number;
  readonly checkS: number;
  readonly lowMs: number;
  readonly highMs: number;
}

const settings: readonly Setting[] = [
  { tauS: 30, periodS: 10, checkS: 1, lowMs: 20, highMs: 80 },
  { tauS: 25, periodS: 10, checkS: 4, lowMs: 200, highMs: 1000 },
  { tauS: 9, periodS: 4, checkS: 0.5, lowMs: 5, highMs: 5 },
];

/** What became of the crashes and of the suspicions of one run. */
export class DetectionTimes implements ObservationSink {
  /** Seconds that crashed resources took to be suspected, by resource. */
  readonly byResource = new Map<number, number[]>();
  /** Suspicions of resources that were up. */
  falsePositives = 0;
  readonly #crashedUs = new Map<number, { incarnation: number; timeUs: number }>();

  observe(timeUs: number, _process: number, observation: Observation): void {
    if (observation.type === 'resource-state') {
      const { resource, state, incarnation } = observation;
      if (state === 'down') this.#crashedUs.set(resource, { incarnation, timeUs });
      else this.#crashedUs.delete(resource);
    } else if (observation.type === 'resource-suspected') {
      const { resource, incarnation } = observation;
      const crash = this.#crashedUs.get(resource);
      if (crash === undefined) this.falsePositives += 1;
      if (crash === undefined || crash.incarnation !== incarnation) return;
      this.#crashedUs.delete(resource);
      const times = this.byResource.get(resource) ?? [];
      times.push((timeUs - crash.timeUs) / 1e6);
      this.byResource.set(resource, times);
    }
  }
}

/**
 * The mean of all and its standard error, clustered: the phases of one resource's heartbeats and
 * of its manager's looks are drawn once, so its detection times are not independent.
 */
export function clusteredMean(clusters: Iterable<readonly number[]>): {
  count: number;
  mean: number;
  standardError: number;
} {
  const all = [...clusters];
  const count = all.reduce((sum, cluster) => sum + cluster.length, 0);
  const total = all.reduce((sum, cluster) => sum + cluster.reduce((a, b) => a + b, 0), 0);
  const mean = total / count;
  const squares = all.reduce((sum, cluster) => {
    const residual = cluster.reduce((a, b) => a + (b - mean), 0);
    return sum + residual * residual;
  }, 0);
  return { count, mean, standardError: Math.sqrt(squares) / count };
}

async function measure(setting: Setting, resources: number, crashes: number): Promise<Finding> {
  const { tauS, periodS, checkS, lowMs, highMs } = setting;
  const lifetimeS = 100 * periodS;
  const repairS = 2 * (tauS + checkS + highMs / 1000);
  const durationS = Math.ceil(100 + (crashes / resources + 0.2) * (lifetimeS + repairS) * 1.02);
  const scenario = parseScenario(
    `
name: detection
duration: ${durationS}s
system:
  managers: 20
  resources: [{ kind: service, count: ${resources} }]
  kinds: { service: { startUp: { constant: 10ms } } }
coordination:
  resources: { heartbeatPeriod: ${periodS}s, timeout: ${tauS}s, checkPeriod: ${checkS}s }
network: { latency: { uniform: { low: ${lowMs}ms, high: ${highMs}ms } } }
faults:
  - random: { lifetime: { exponential: ${lifetimeS}s }, from: 100s }
    crash: { each: resources }
    repairAfter: { constant: ${repairS}s }
`,
    'detection.yaml',
  );
  const times = new DetectionTimes();
  await simulate(scenario, { sinks: () => [times] });
  const { count, mean, standardError } = clusteredMean(times.byResource.values());
  const delayS = (lowMs + highMs) / 2000;
  const expected = tauS - periodS / 2 + delayS + checkS / 2;
  const off = (mean - expected) / standardError;
  return {
    what: `detection, tau ${tauS} s, h ${periodS} s, d ${delayS} s, c ${checkS} s`,
    measured: `${mean.toFixed(3)} s +- ${standardError.toFixed(3)} (${count} crashes)`,
    wanted: `${expected.toFixed(3)} s within 4 standard errors (is ${off.toFixed(1)})`,
    ok: Math.abs(off) <= 4 && count >= crashes,
  };
}

export const detection: Check = async (scale, progress) => {
  const findings: Finding[] = [];
  // The one in which every term of the formula is large.
  for (const setting of scale === 'long' ? settings : [settings[1]]) {
    progress(`tau ${setting.tauS} s`);
    const [resources, crashes] = scale === 'long' ? [1000, 10_000] : [600, 600];
    findings.push(await measure(setting, resources, crashes));
  }
  return findings;
};
