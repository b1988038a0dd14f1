/**
 * One run of the real core, measurement and invariants on, in a process of its own: so that its
 * memory can be told from that of others, and what the compiler learnt from them does not count.
 */
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
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

/**
 * Several runs, a process each, of which one goes on at a time, from mark to mark: whatever slows
 * the machine down for a while slows all of them.
 *
 * @returns the laps of each
 * @throws Error when an invariant is broken
 */
export async function runCoresInTurn(runs: readonly CoreRun[]): Promise<readonly Lap[][]> {
  const [{ marksS }] = runs;
  const others = runs.map((run) => {
    const child = spawn(process.execPath, [fileURLToPath(import.meta.url), 'in-turn'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    child.stdin.write(`${JSON.stringify(run)}\n`);
    return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
  });
  const laps: Lap[][] = runs.map(() => []);
  for (const mark of marksS.keys()) {
    for (const [index, { child, lines }] of others.entries()) {
      child.stdin.write('on\n');
      const { value, done } = await lines.next();
      if (done === true) throw new Error('a run ended before its last mark');
      if (mark > 0) laps[index].push(JSON.parse(value) as Lap);
    }
  }
  for (const { child } of others) child.stdin.end();
  return laps;
}

/** Waits for a word before each lap, and tells of each when it is over. */
async function measureInTurn(): Promise<void> {
  const words = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  const run = JSON.parse((await words.next()).value as string) as CoreRun;
  await words.next();
  await measure(run, async (lap) => {
    console.log(JSON.stringify(lap ?? null));
    await words.next();
  });
}

async function measure(
  { scenario: text, marksS }: CoreRun, pause?: (lap: Lap | undefined) => Promise<void>,
): Promise<CoreOutcome> {
  const scenario = parseScenario(text, 'bench.yaml');
  collectGarbage();
  const before = heapBytes();
  const inventory = buildInventory(scenario);
  const recorder = createRecorder(scenario, inventory);
  const watch = new Stopwatch();
  let [used, isMark] = [0, false];
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
      isMark = true;
    },
    progress: async () => {
      if (isMark && pause !== undefined) {
        isMark = false;
        await pause(watch.laps.at(-1));
        watch.again();
      }
      return watch.turn();
    },
  });
  // The last mark is the end of the run: nothing comes after it.
  if (isMark) await pause?.(watch.laps.at(-1));
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

  /** What was done since the last lap began is none of it. */
  again(): void {
    if (this.begun !== null) this.begun = { ...this.begun, seconds: cpuSeconds() };
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
  if (process.argv[2] === 'in-turn') await measureInTurn();
  else console.log(JSON.stringify(await measure(JSON.parse(readFileSync(0, 'utf8')) as CoreRun)));
}
