/**
 * One run of the real core, measurement and invariants on, in a process of its own: so that its
 * memory can be told from that of others, and what the compiler learnt from them does not count.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createRecorder } from '../analysis/index.js';
import { keepAllYoung } from '../campaign/heap.js';
import { messageTypes } from '../core/messages.js';
import { buildInventory } from '../experiment/inventory.js';
import { parseScenario } from '../checker/scenario.js';
import { runSimulation } from '../sim/index.js';
import { cpuSeconds } from './benchmark.js';

const lapS = 10;

export interface CoreRun {
  /** The text of a scenario. */
  readonly scenario: string;
  /** Simulated seconds, multiples of ten: each a lap begins or ends. */
  readonly marksS: readonly number[];
}

/** From one mark to the next. */
export interface Lap {
  /** Messages delivered. */
  readonly messages: number;
  /** Those of them that keep the overlay. */
  readonly overlayMessages: number;
  /** Of processor time. */
  readonly seconds: number;
  /** The longest time, in milliseconds, in which a user's Ctrl-C would have waited. */
  readonly longestPauseMs: number;
}

export interface CoreOutcome {
  readonly laps: readonly Lap[];
  /** In use at the first mark by all that a run needs. */
  readonly heapBytes: number;
  /** The most that the process ever had of the machine's memory. */
  readonly peakBytes: number;
  /** The largest time to settle of an episode, as a share of what was promised; null: none. */
  readonly settleShare: number | null;
}

/** @throws Error when an invariant is broken */
export function runCore(run: CoreRun): CoreOutcome {
  const output = execFileSync(process.execPath, [fileURLToPath(import.meta.url)], {
    encoding: 'utf8', input: JSON.stringify(run), stdio: ['pipe', 'pipe', 'inherit'],
  });
  return JSON.parse(output) as CoreOutcome;
}

async function measure({ scenario: text, marksS }: CoreRun): Promise<CoreOutcome> {
  const scenario = parseScenario(text, 'bench.yaml');
  collectGarbage();
  const before = heapBytes();
  const inventory = buildInventory(scenario);
  const recorder = createRecorder(scenario, inventory);
  const watch = new Stopwatch();
  let used = 0;
  const result = await runSimulation(scenario, inventory, {
    sinks: recorder.sinks,
    samplePeriodUs: lapS * 1e6,
    sample: (timeUs, counters) => {
      recorder.sample(timeUs, counters);
      if (!marksS.includes(timeUs / 1e6)) return;
      if (timeUs / 1e6 === marksS[0]) {
        collectGarbage();
        used = heapBytes() - before;
      }
      watch.lap(counters.delivered);
    },
    progress: () => watch.turn(),
  });
  const broken = recorder.invariants.find((invariant) => invariant.broken !== null);
  if (broken !== undefined) throw new Error(`${broken.name} is broken`);
  return {
    laps: watch.laps,
    heapBytes: used,
    peakBytes: process.resourceUsage().maxRSS * 1024,
    settleShare: recorder.finish(result).summary.recovery.maxSettleShare,
  };
}

class Stopwatch {
  readonly laps: Lap[] = [];
  private begun: { messages: number; overlayMessages: number; seconds: number } | null = null;
  private turned = 0;
  private longestPauseMs = 0;

  lap(delivered: Float64Array): void {
    const sum = (counts: ArrayLike<number>, prefix: string): number => messageTypes
      .reduce((all, type, code) => all + (type.startsWith(prefix) ? counts[code] : 0), 0);
    const now = {
      messages: sum(delivered, ''), overlayMessages: sum(delivered, 'overlay-'),
      seconds: cpuSeconds(),
    };
    const { begun } = this;
    if (begun !== null) {
      this.laps.push({
        messages: now.messages - begun.messages,
        overlayMessages: now.overlayMessages - begun.overlayMessages,
        seconds: now.seconds - begun.seconds,
        longestPauseMs: this.longestPauseMs,
      });
    }
    this.begun = now;
    this.longestPauseMs = 0;
    this.turned = performance.now();
  }

  turn(): boolean {
    const now = performance.now();
    this.longestPauseMs = Math.max(this.longestPauseMs, now - this.turned);
    this.turned = now;
    return true;
  }
}

function heapBytes(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  keepAllYoung();
  const run = JSON.parse(readFileSync(0, 'utf8')) as CoreRun;
  console.log(JSON.stringify(await measure(run)));
}
