import { cpuSeconds, median, type BenchOptions, type BenchResult } from './benchmark.js';
import { runCore, type Lap } from './core-run.js';
import { HeartbeatWithClosures } from './yardstick/heartbeat-closures.js';

/** Simulated seconds: until the ring is one, and of churn. */
const startS = 600;
const churnS = 3_600;
/** Sessions of two hours in the median, then ten minutes' absence. */
const meanSessionS = Math.round((2 * 3_600) / Math.LN2);
const absenceS = 600;
/** The most that maintenance may send, per node that is up and second. */
const maintenance = 0.5;

/**
 * Managers on Pastry that come and go, with next to nothing to manage: messages per second of
 * processor time, beside bare nodes that send as many messages and are up and down as often.
 */
export function run({ full, progress }: BenchOptions): BenchResult {
  const sizes = full ? [100, 1_000, 10_000] : [100, 1_000];
  const rows = sizes.map((managers) => {
    // The largest takes minutes.
    const repetitions = managers > 1_000 ? 1 : full ? 5 : 3;
    const churned = Array.from({ length: repetitions }, (_, repetition) => {
      progress(`churn, ${managers} managers, repetition ${repetition + 1}`);
      return measure(managers);
    });
    return {
      managers,
      core: median(churned.map(({ lap }) => rate(lap))) / 1e3,
      speed: median(churned.map(({ lap }) => churnS / lap.seconds)),
      closures: median(churned.map(({ closures }) => closures)) / 1e3,
      times: median(churned.map(({ lap, closures }) => rate(lap) / closures)),
      cost: churned[0].lap.overlayMessages / (churnS * managers * upShare),
    };
  });
  return {
    name: 'churn',
    summary:
      'Managers on Pastry, sessions of 2 h in the median, 10 min of absence, a resource each, ' +
      'heartbeats once a minute.\nThousands of messages per second of processor time; the bare ' +
      'model sends as many. Medians of interleaved repetitions.',
    columns: [
      { key: 'managers', title: 'managers' },
      { key: 'core', title: 'real core, k/s' },
      { key: 'speed', title: 'simulated seconds per second' },
      { key: 'closures', title: 'bare, objects + closures, k/s' },
      { key: 'times', title: 'times closures', digits: 2 },
      { key: 'cost', title: 'overlay messages per node and second', digits: 3 },
    ],
    rows,
    targets: [
      {
        what: 'overlay messages per node and second at 1,000 managers',
        atMost: maintenance,
        measured: rows.find(({ managers }) => managers === 1_000)!.cost,
      },
    ],
  };
}

const upShare = meanSessionS / (meanSessionS + absenceS);

function rate({ messages, seconds }: Lap): number {
  return messages / seconds;
}

function measure(managers: number): { readonly lap: Lap; readonly closures: number } {
  const { laps: [lap] } = runCore({
    scenario: scenarioOf(managers), marksS: [startS, startS + churnS],
  });
  const model = new HeartbeatWithClosures({
    resources: managers,
    managers,
    // A heartbeat and its answer, of resources and of managers.
    periodUs: (1e6 * 4 * managers * churnS) / lap.messages,
    delayUs: { low: 20e3, high: 80e3 },
    lifetimeUs: meanSessionS * 1e6,
    repairUs: absenceS * 1e6,
  });
  model.advance(startS * 1e6);
  const delivered = model.delivered;
  const start = cpuSeconds();
  model.advance((startS + churnS) * 1e6);
  return { lap, closures: (model.delivered - delivered) / (cpuSeconds() - start) };
}

function scenarioOf(managers: number): string {
  return `
name: churn
duration: ${startS + churnS + 1}s
system:
  managers: ${managers}
  zones: 1
  resources: [{ kind: service, count: ${managers}, perHost: 1 }]
  kinds: { service: {} }
coordination:
  resources: { heartbeatPeriod: 1m }
  managers: { heartbeatPeriod: 1m }
network: { latency: { uniform: { low: 20ms, high: 80ms } } }
faults:
  - random: { lifetime: { exponential: ${meanSessionS}s } }
    crash: { each: managers }
    repairAfter: { exponential: ${absenceS}s }
invariants: all
`;
}
