import {
  cpuSeconds, median, type BenchOptions, type BenchResult, type BenchTarget,
} from './benchmark.js';
import { runCore } from './core-run.js';
import { heartbeatCase, heartbeatText } from './heartbeat-scenario.js';
import { compileCpp, type CppProgram } from './yardstick/compile-cpp.js';
import { HeartbeatWithClosures } from './yardstick/heartbeat-closures.js';

/** Simulated seconds for nodes to start and register, then those that are measured. */
const startS = 30;
/** Both together, where that is enough. */
const wholeS = 600;

/** The size that the yardsticks are judged at, and what was promised there and beyond. */
const yardstickSize = 100_000;
const timesClosures = 1.4;
const timesCpp = 0.4;
const million = { size: 1_000_000, timesCpp: 0.2, costOfSmallest: 3, peakMB: 3_000 };

/** A type, not an interface, so that it is a record of columns too. */
type Row = {
  readonly resources: number;
  /** Thousands of messages per second of processor time. */
  readonly core: number;
  readonly closures: number | null;
  readonly cpp: number | null;
  readonly timesClosures: number | null;
  readonly timesCpp: number | null;
  readonly bytes: number;
  /** The most memory that the process had of the machine. */
  readonly peakMB: number;
};

/**
 * Messages delivered per second of the real core, with rules, model, measurement and invariants
 * on, beside the bare model of the same run in plain objects and closures, and in C++.
 */
export function run(options: BenchOptions): BenchResult {
  const sizes = options.full ? [1_000, 10_000, yardstickSize, million.size] : [yardstickSize];
  const cpp = compileCpp('heartbeat');
  try {
    const rows: Row[] = [];
    for (const resources of sizes) rows.push(measure(resources, cpp, options));
    return {
      name: 'heartbeat',
      summary:
        'Thousands of messages delivered per second of processor time: heartbeats and answers ' +
        'every 10 s,\na manager per 100 resources, MTBF 10,000 s, repair 100 s. Medians of ' +
        'interleaved repetitions, of the ratios too.',
      columns: [
        { key: 'resources', title: 'resources' },
        { key: 'core', title: 'real core, k/s' },
        { key: 'closures', title: 'bare, objects + closures, k/s' },
        { key: 'cpp', title: 'bare, C++ priority_queue, k/s' },
        { key: 'timesClosures', title: 'times closures', digits: 2 },
        { key: 'timesCpp', title: 'times C++', digits: 2 },
        { key: 'bytes', title: 'bytes per resource' },
        { key: 'peakMB', title: 'peak, MB' },
      ],
      rows,
      targets: targetsOf(rows),
    };
  } finally {
    cpp?.remove();
  }
}

function targetsOf(rows: readonly Row[]): BenchTarget[] {
  const at = (size: number): Row | undefined => rows.find(({ resources }) => resources === size);
  const yardstick = at(yardstickSize)!;
  const targets: BenchTarget[] = [
    {
      what: 'heartbeat at 100,000 resources, times the bare model in objects and closures',
      atLeast: timesClosures,
      measured: yardstick.timesClosures,
    },
    {
      what: 'heartbeat at 100,000 resources, times the bare model in C++',
      atLeast: timesCpp,
      measured: yardstick.timesCpp,
    },
  ];
  const largest = at(million.size);
  if (largest === undefined) return targets;
  const cpp = yardstick.cpp;
  return [
    ...targets,
    {
      what: 'heartbeat at 1,000,000 resources, times the bare model in C++ at 100,000',
      atLeast: million.timesCpp,
      measured: cpp === null ? null : largest.core / cpp,
    },
    {
      what: 'messages per second at 1,000,000 resources, times those at 1,000',
      atLeast: 1 / million.costOfSmallest,
      measured: largest.core / rows[0].core,
    },
    {
      what: 'peak memory at 1,000,000 resources, in MB',
      atMost: million.peakMB,
      measured: largest.peakMB,
    },
  ];
}

function measure(resources: number, cpp: CppProgram | null, options: BenchOptions): Row {
  // Enough messages for the compiler to settle, however small the system.
  const seconds = Math.max(wholeS - startS, 6_000_000 / resources);
  // The largest takes minutes; the yardsticks are judged at a smaller size.
  const isLargest = resources === million.size;
  const repetitions = isLargest ? 1 : options.full ? 5 : 3;
  const core: Outcome[] = [];
  const closures: number[] = [];
  const inCpp: number[] = [];
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    options.progress(`heartbeat, ${resources} resources, repetition ${repetition + 1}`);
    core.push(ofCore(resources, seconds));
    if (isLargest) continue;
    closures.push(ofClosures(resources, seconds));
    if (cpp !== null) inCpp.push(ofCpp(cpp, resources, seconds));
  }
  const perSecond = core.map(({ messagesPerSecond }) => messagesPerSecond);
  return {
    resources,
    core: median(perSecond) / 1e3,
    closures: closures.length === 0 ? null : median(closures) / 1e3,
    cpp: inCpp.length === 0 ? null : median(inCpp) / 1e3,
    timesClosures: medianRatio(perSecond, closures),
    timesCpp: medianRatio(perSecond, inCpp),
    bytes: median(core.map(({ bytesPerResource }) => bytesPerResource)),
    peakMB: median(core.map(({ peakBytes }) => peakBytes)) / 1e6,
  };
}

/** Of the repetitions' own ratios: both sides of one met the same state of the machine. */
function medianRatio(one: readonly number[], other: readonly number[]): number | null {
  return other.length === 0 ? null : median(other.map((value, index) => one[index] / value));
}

function ofCpp(cpp: CppProgram, resources: number, seconds: number): number {
  const args = [resources, resources / 100, startS, seconds].map(String);
  return Number(cpp.run(args, ''));
}

interface Outcome {
  readonly messagesPerSecond: number;
  readonly bytesPerResource: number;
  readonly peakBytes: number;
}

function ofCore(resources: number, seconds: number): Outcome {
  const scenario = heartbeatText({ resources, durationS: startS + seconds + 1 });
  const { laps, heapBytes, peakBytes } = runCore({
    scenario, marksS: [startS, startS + seconds],
  });
  return {
    messagesPerSecond: laps[0].messages / laps[0].seconds,
    bytesPerResource: heapBytes / resources,
    peakBytes,
  };
}

function ofClosures(resources: number, seconds: number): number {
  const model = new HeartbeatWithClosures(heartbeatCase(resources));
  model.advance(startS * 1e6);
  const delivered = model.delivered;
  const start = cpuSeconds();
  model.advance((startS + seconds) * 1e6);
  return (model.delivered - delivered) / (cpuSeconds() - start);
}
