import { cpuSeconds, median, type BenchOptions, type BenchResult } from './benchmark.js';
import { runCore, type Lap } from './core-run.js';
import { heartbeatCase, heartbeatText } from './heartbeat-scenario.js';
import { HeartbeatWithClosures } from './yardstick/heartbeat-closures.js';

/** Simulated seconds: until all have registered, of quiet, and of what the crash brings about. */
const startS = 30;
const quietS = 60;
const stormS = 90;
const crashS = startS + quietS;

interface Storm {
  readonly quiet: Lap;
  readonly storm: Lap;
  readonly closures: number;
  readonly settleShare: number | null;
}

/**
 * The coordinator of many dies: what the election, the rebuilding of the model and all that the
 * managers say at once cost, beside as much time before, and beside the bare model of the same
 * resources, which knows no coordinator.
 */
export function run({ full, progress }: BenchOptions): BenchResult {
  const resources = 100_000;
  const storms = Array.from({ length: full ? 5 : 3 }, (_, repetition) => {
    progress(`election-storm, repetition ${repetition + 1}`);
    return measure(resources);
  });
  const rate = ({ messages, seconds }: Lap): number => messages / seconds;
  const middle = (value: (storm: Storm) => number): number => median(storms.map(value));
  const settleShare = storms[0].settleShare;
  const perSimulated = (lap: Lap, seconds: number): number => (1e3 * lap.seconds) / seconds;
  return {
    name: 'election-storm',
    summary:
      `Of ${resources} resources and their ${resources / 100} managers the coordinator dies, and ` +
      'nobody repairs it.\nMedians of repetitions interleaved with the bare model.',
    columns: [
      { key: 'phase', title: 'phase' },
      { key: 'core', title: 'real core, k/s' },
      { key: 'cost', title: 'ms per simulated second' },
      { key: 'pause', title: 'longest pause, ms' },
      { key: 'closures', title: 'bare, objects + closures, k/s' },
      { key: 'times', title: 'times closures', digits: 2 },
    ],
    rows: [
      { phase: `${quietS} s before`, lap: 'quiet' as const, seconds: quietS },
      { phase: `${stormS} s from the crash on`, lap: 'storm' as const, seconds: stormS },
    ].map(({ phase, lap, seconds }) => ({
      phase,
      core: middle((storm) => rate(storm[lap])) / 1e3,
      cost: middle((storm) => perSimulated(storm[lap], seconds)),
      pause: middle((storm) => storm[lap].longestPauseMs),
      closures: middle((storm) => storm.closures) / 1e3,
      times: middle((storm) => rate(storm[lap]) / storm.closures),
    })),
    targets: [
      { what: 'time to settle, as a share of what is promised', atMost: 1, measured: settleShare },
      {
        what: 'longest pause, in milliseconds',
        atMost: 1_000,
        measured: middle(({ storm }) => storm.longestPauseMs),
      },
    ],
  };
}

function measure(resources: number): Storm {
  const durationS = crashS + stormS;
  const faults = `  - { at: ${crashS}s, crash: coordinator }`;
  const { laps, settleShare } = runCore({
    scenario: heartbeatText({ resources, durationS: durationS + 1, faults }),
    marksS: [startS, crashS, durationS],
  });
  const model = new HeartbeatWithClosures(heartbeatCase(resources));
  model.advance(startS * 1e6);
  const delivered = model.delivered;
  const start = cpuSeconds();
  model.advance((startS + quietS) * 1e6);
  const closures = (model.delivered - delivered) / (cpuSeconds() - start);
  return { quiet: laps[0], storm: laps[1], closures, settleShare };
}
