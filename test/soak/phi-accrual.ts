/**
 * phi accrual on jittered heartbeats: its mean detection time against the formula of
 * docs/protocol.md, and its false positives against the fixed timeout at equal detection time.
 */
import { parseScenario } from '../../checker/scenario.js';
import type { Check, Finding } from './check.js';
import { clusteredMean, DetectionTimes } from './detection.js';
import { simulate } from './simulate.js';

const periodS = 1;
const checkS = 0.05;
const lifetimeS = 300;
const repairS = 10;
/** Detectors have seen enough by then. */
const warmUpS = 400;
/** The quantile of the normal distribution that leaves 10^-8 above it. */
const deviationsAt8 = 5.612;

/** exp of a normal variate: its mean and standard deviation. */
function lognormal(medianS: number, sigma: number): { meanS: number; deviationS: number } {
  const meanS = medianS * Math.exp((sigma * sigma) / 2);
  return { meanS, deviationS: meanS * Math.sqrt(Math.exp(sigma * sigma) - 1) };
}

interface Measured {
  readonly count: number;
  readonly mean: number;
  readonly standardError: number;
  readonly falsePositives: number;
  readonly nodeHours: number;
}

async function measure(latency: string, detection: string, crashes: number): Promise<Measured> {
  const resources = Math.min(200, crashes / 4);
  const durationS = Math.ceil(warmUpS + (crashes / resources) * (lifetimeS + repairS) * 1.1);
  const scenario = parseScenario(
    `
name: phi-accrual
duration: ${durationS}s
system:
  managers: 4
  zones: 2
  resources: [{ kind: service, count: ${resources} }]
  kinds: { service: { startUp: { constant: 10ms } } }
coordination:
  ${detection}
  managers: { heartbeatPeriod: 10s, timeout: 60s, answerTimeout: 60s }
network: { latency: ${latency} }
faults:
  - random: { lifetime: { exponential: ${lifetimeS}s }, from: ${warmUpS}s }
    crash: { each: resources }
    repairAfter: { constant: ${repairS}s }
`,
    'phi-accrual.yaml',
  );
  const times = new DetectionTimes();
  let early = 0;
  await simulate(scenario, {
    sinks: () => [times],
    prepare: (world) => {
      world.callAt(warmUpS * 1e6, () => {
        early = times.falsePositives;
      });
    },
  });
  return {
    ...clusteredMean(times.byResource.values()),
    falsePositives: times.falsePositives - early,
    nodeHours: (resources * (durationS - warmUpS)) / 3600,
  };
}

const resourceTimes = (timeoutS: number): string =>
  `resources: { heartbeatPeriod: ${periodS}s, checkPeriod: ${checkS}s, ` +
  `timeout: ${timeoutS.toFixed(6)}s, answerTimeout: 10s }`;

const phi = (minDeviation: string): string =>
  `detection: { name: phi-accrual, threshold: 8, minDeviation: ${minDeviation} }\n  ` +
  resourceTimes(3 * periodS);

const fixed = (timeoutS: number): string => `detection: fixed\n  ${resourceTimes(timeoutS)}`;

const perHour = ({ falsePositives, nodeHours }: Measured): string =>
  `${(falsePositives / nodeHours).toFixed(3)} per node-hour (${falsePositives})`;

/** The fixed timeout whose mean detection time is `mean`, by its formula. */
const asFast = (mean: number, delayS: number): number =>
  mean + periodS / 2 - delayS - checkS / 2;

/** All links alike. */
async function uniformPeers(crashes: number): Promise<Finding[]> {
  const [medianS, sigma] = [0.08, 0.6];
  const delay = lognormal(medianS, sigma);
  const latency = `{ lognormal: { median: ${medianS}s, sigma: ${sigma} } }`;
  const adaptive = await measure(latency, phi('1ms'), crashes);
  // Intervals between arrivals differ by two independent delays.
  const deviationS = Math.SQRT2 * delay.deviationS;
  const expected =
    periodS + deviationsAt8 * deviationS - periodS / 2 + delay.meanS + checkS / 2;
  const off = adaptive.mean / expected - 1;
  const other = await measure(latency, fixed(asFast(adaptive.mean, delay.meanS)), crashes);
  return [
    {
      what: 'phi 8, lognormal delays: mean detection',
      measured:
        `${adaptive.mean.toFixed(3)} s +- ${adaptive.standardError.toFixed(3)} ` +
        `(${adaptive.count} crashes)`,
      wanted: `${expected.toFixed(3)} s within 5% (is ${(100 * off).toFixed(1)}%)`,
      ok: Math.abs(off) <= 0.05 && adaptive.count >= crashes * 0.9,
    },
    comparison('alike peers', adaptive, other, () => true),
  ];
}

/** Half of the links are quiet, half jitter: one timeout cannot suit both. */
async function mixedPeers(crashes: number): Promise<Finding> {
  const near = lognormal(0.01, 0.2);
  const far = lognormal(0.15, 0.5);
  const latency =
    '{ zones: { within: { lognormal: { median: 10ms, sigma: 0.2 } }, ' +
    'between: { lognormal: { median: 150ms, sigma: 0.5 } } } }';
  const adaptive = await measure(latency, phi('5ms'), crashes);
  const timeoutS = asFast(adaptive.mean, (near.meanS + far.meanS) / 2);
  const other = await measure(latency, fixed(timeoutS), crashes);
  return comparison(
    'near and far peers', adaptive, other,
    () => adaptive.falsePositives < other.falsePositives / 2,
  );
}

function comparison(
  peers: string, adaptive: Measured, other: Measured, fewEnough: () => boolean,
): Finding {
  const apart = Math.abs(adaptive.mean / other.mean - 1);
  return {
    what: `false positives at equal detection time, ${peers}`,
    measured:
      `phi 8: ${perHour(adaptive)} at ${adaptive.mean.toFixed(3)} s; ` +
      `fixed: ${perHour(other)} at ${other.mean.toFixed(3)} s`,
    wanted: `detection times within 3% (are ${(100 * apart).toFixed(1)}%)`,
    ok: apart <= 0.03 && fewEnough(),
  };
}

export const phiAccrual: Check = async (scale, progress) => {
  const crashes = scale === 'long' ? 6_000 : 400;
  progress('alike peers');
  const findings = await uniformPeers(crashes);
  progress('near and far peers');
  findings.push(await mixedPeers(crashes));
  return findings;
};
