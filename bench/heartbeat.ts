import { performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createRecorder } from '../analysis/index.js';
import { buildInventory } from '../experiment/inventory.js';
import { parseScenario } from '../experiment/scenario/index.js';
import type { ResolvedScenario } from '../experiment/scenario/resolved.js';
import type { MessageCounters } from '../experiment/world.js';
import { runSimulation } from '../sim/index.js';
import { median, type BenchOptions, type BenchResult } from './benchmark.js';
import { HeartbeatWithClosures } from './yardstick/heartbeat-closures.js';

/** Simulated seconds for nodes to start and register, then those that are measured. */
const startS = 30;

const timesClosures = 1.4;

/** A type, not an interface, so that it is a record of columns too. */
type Row = {
  readonly resources: number;
  readonly core: number;
  readonly closures: number;
  readonly times: number;
  readonly bytes: number;
};

interface Outcome {
  readonly messagesPerSecond: number;
  readonly bytesPerResource: number;
}

/**
 * Messages delivered per second of the real core, with rules, model, measurement and invariants
 * on, beside the bare model of the same run in plain objects and closures.
 */
export async function run(options: BenchOptions): Promise<BenchResult> {
  const sizes = options.full ? [1_000, 10_000, 100_000] : [100_000];
  const repetitions = options.full ? 5 : 3;
  const rows: Row[] = [];
  for (const resources of sizes) rows.push(await measure(resources, repetitions, options));
  return {
    name: 'heartbeat',
    summary:
      'Thousands of messages delivered per second of real time: heartbeats and answers every ' +
      '10 s, a manager per 100 resources, MTBF 10,000 s, repair 100 s. Medians, interleaved.',
    columns: [
      { key: 'resources', title: 'resources' },
      { key: 'core', title: 'real core, k/s' },
      { key: 'closures', title: 'bare, objects + closures, k/s' },
      { key: 'times', title: 'times', digits: 2 },
      { key: 'bytes', title: 'bytes per resource' },
    ],
    rows,
    targets: rows.filter(({ resources }) => resources === 100_000).map(({ times }) => ({
      what: 'heartbeat at 100,000 resources, times the bare model',
      atLeast: timesClosures,
      measured: times,
    })),
  };
}

async function measure(
  resources: number,
  repetitions: number,
  options: BenchOptions,
): Promise<Row> {
  // Enough messages for the compiler to settle, however small the system.
  const seconds = Math.max(60, 6_000_000 / resources);
  const core: Outcome[] = [];
  const closures: number[] = [];
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    options.progress(`heartbeat, ${resources} resources, repetition ${repetition + 1}`);
    core.push(await ofCore(resources, seconds));
    closures.push(ofClosures(resources, seconds));
  }
  const perSecond = median(core.map(({ messagesPerSecond }) => messagesPerSecond));
  const bare = median(closures);
  return {
    resources,
    core: perSecond / 1e3,
    closures: bare / 1e3,
    times: perSecond / bare,
    bytes: median(core.map(({ bytesPerResource }) => bytesPerResource)),
  };
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

/** Messages per second of real time between the first lap and the latest. */
class Stopwatch {
  private first = { ms: 0, delivered: 0 };
  private last = { ms: 0, delivered: 0 };

  get perSecond(): number {
    return ((this.last.delivered - this.first.delivered) / (this.last.ms - this.first.ms)) * 1e3;
  }

  lap(isFirst: boolean, counters: MessageCounters): void {
    const delivered = counters.delivered.reduce((sum, count) => sum + count, 0);
    this.last = { ms: performance.now(), delivered };
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
  const start = performance.now();
  model.advance((startS + seconds) * 1e6);
  return ((model.delivered - delivered) / (performance.now() - start)) * 1e3;
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
