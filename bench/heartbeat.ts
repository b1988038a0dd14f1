import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createRecorder } from '../analysis/index.js';
import { buildInventory } from '../experiment/inventory.js';
import { parseScenario } from '../experiment/scenario/index.js';
import type { ResolvedScenario } from '../experiment/scenario/resolved.js';
import type { MessageCounters } from '../experiment/world.js';
import { runSimulation } from '../sim/index.js';
import {
  cpuSeconds, median, type BenchOptions, type BenchResult, type BenchTarget,
} from './benchmark.js';
import { compileCpp, type CppProgram } from './yardstick/compile-cpp.js';
import { HeartbeatWithClosures } from './yardstick/heartbeat-closures.js';

/** Simulated seconds for nodes to start and register, then those that are measured. */
const startS = 30;

/** The size that the yardsticks are judged at, and what was promised there and beyond. */
const yardstickSize = 100_000;
const timesClosures = 1.4;
const timesCpp = 0.4;
const million = { size: 1_000_000, timesCpp: 0.2, costOfSmallest: 3 };

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
};

interface Outcome {
  readonly messagesPerSecond: number;
  readonly bytesPerResource: number;
}

/**
 * Messages delivered per second of the real core, with rules, model, measurement and invariants
 * on, beside the bare model of the same run in plain objects and closures, and in C++.
 */
export async function run(options: BenchOptions): Promise<BenchResult> {
  const sizes = options.full ? [1_000, 10_000, yardstickSize, million.size] : [yardstickSize];
  const cpp = compileCpp('heartbeat');
  try {
    const rows: Row[] = [];
    for (const resources of sizes) rows.push(await measure(resources, cpp, options));
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
  ];
}

async function measure(
  resources: number,
  cpp: CppProgram | null,
  options: BenchOptions,
): Promise<Row> {
  // Enough messages for the compiler to settle, however small the system.
  const seconds = Math.max(60, 6_000_000 / resources);
  // The largest takes minutes; the yardsticks are judged at a smaller size.
  const isLargest = resources === million.size;
  const repetitions = isLargest ? 1 : options.full ? 5 : 3;
  const core: Outcome[] = [];
  const closures: number[] = [];
  const inCpp: number[] = [];
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    options.progress(`heartbeat, ${resources} resources, repetition ${repetition + 1}`);
    core.push(await ofCore(resources, seconds));
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

async function ofCore(resources: number, seconds: number): Promise<Outcome> {
  const scenario = scenarioOf(resources, startS + seconds);
  collectGarbage();
  const before = memory();
  const inventory = buildInventory(scenario);
  const recorder = createRecorder(scenario, inventory);
  const watch = new Stopwatch();
  let bytes = 0;
  await runSimulation(scenario, inventory, {
    sinks: recorder.sinks,
    samplePeriodUs: startS * 1e6,
    sample: (timeUs, counters) => {
      recorder.sample(timeUs, counters);
      const isFirst = timeUs === startS * 1e6;
      if (isFirst) {
        collectGarbage();
        bytes = memory() - before;
      }
      watch.lap(isFirst, counters);
    },
    progress: () => true,
  });
  const broken = recorder.invariants.find((invariant) => invariant.broken !== null);
  if (broken !== undefined) throw new Error(`${broken.name} is broken`);
  return { messagesPerSecond: watch.perSecond, bytesPerResource: bytes / resources };
}

/** Messages per second of processor time between the first lap and the latest. */
class Stopwatch {
  private first = { seconds: 0, delivered: 0 };
  private last = { seconds: 0, delivered: 0 };

  get perSecond(): number {
    const { first, last } = this;
    return (last.delivered - first.delivered) / (last.seconds - first.seconds);
  }

  lap(isFirst: boolean, counters: MessageCounters): void {
    const delivered = counters.delivered.reduce((sum, count) => sum + count, 0);
    this.last = { seconds: cpuSeconds(), delivered };
    if (isFirst) this.first = this.last;
  }
}

function ofClosures(resources: number, seconds: number): number {
  const model = new HeartbeatWithClosures({
    resources,
    managers: resources / 100,
    periodUs: 10e6,
    delayUs: { low: 20e3, high: 80e3 },
    lifetimeUs: 10_000e6,
    repairUs: 100e6,
  });
  model.advance(startS * 1e6);
  const delivered = model.delivered;
  const start = cpuSeconds();
  model.advance((startS + seconds) * 1e6);
  return (model.delivered - delivered) / (cpuSeconds() - start);
}

function scenarioOf(resources: number, seconds: number): ResolvedScenario {
  const text = `
name: heartbeat
duration: ${seconds}s
system:
  managers: ${resources / 100}
  zones: 1
  resources: [{ kind: service, count: ${resources}, perHost: 10, labels: { group: all } }]
  kinds: { service: {} }
network: { latency: { uniform: { low: 20ms, high: 80ms } } }
rules:
  - file: rules.yaml
    text: |
      rules:
        - name: restart
          scope: local
          when: entity.state == "down" && entity.hostUp
          do: restart
        - name: keep
          scope: global
          group: entity.labels.group
          when: group.up + group.starting < ${resources / 2}
          pick: entity.state == "stopped"
          do: start
faults:
  - random: { lifetime: { exponential: 10000s } }
    crash: { each: resources }
    repairAfter: { exponential: 100s }
invariants: all
`;
  return parseScenario(text, 'bench/heartbeat.yaml');
}

function memory(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}
