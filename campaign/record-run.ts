/** One run from scenario to run directory, in whichever world. */
import { join, relative } from 'node:path';
import {
  createRecorder,
  openRunDirectory,
  readFinishedRun,
  type Manifest,
  type PendingRunDirectory,
  type RunRecord,
} from '../analysis/index.js';
import { buildInventory, type Inventory } from '../experiment/inventory.js';
import { toYaml, type ResolvedScenario } from '../experiment/scenario/index.js';
import { judgedLive } from '../checker/invariants/index.js';
import type { RunHooks, RunResult } from '../experiment/world.js';
import { runSimulation } from '../sim/index.js';
import { version } from './package-root.js';
import { hashCode, runId, withPlugins } from './run-id.js';
import { besideTwin } from './twin.js';

/** What to run, in which world, and where what it measured goes. */
export interface RunToRecord {
  /** Default: the simulator's. */
  readonly world?: 'sim' | 'live';
  readonly scenario: ResolvedScenario;
  /** The same as YAML, where it is printed already. */
  readonly scenarioYaml?: string;
  /** Hash of the plugins' content; undefined or empty: there are none. */
  readonly plugins?: string;
  /** The run directory; undefined: named by the run's id. */
  readonly out?: string | undefined;
  /** Whoever asks keeps the folder of `out` free of what killed processes left. */
  readonly isTidy?: boolean;
  /** `messages`: of them too, where the world can tell. Default: false. */
  readonly trace?: boolean | 'messages';
  /** {@link hashCode}, where it is known already. */
  readonly code?: string;
  /** That makes this run again: for its manifest. */
  readonly command?: string;
  /** Called when the run begins. */
  watch?(): Watch;
  /** Default: simulates. */
  readonly run?: (
    scenario: ResolvedScenario, inventory: Inventory, hooks: RunHooks,
  ) => Promise<RunResult>;
}

/** Looks on while something is being run. */
export interface Watch {
  /** Told often; false ends the run early, a promise lets the process do other things. */
  report(timeUs: number, events: number): boolean | Promise<boolean>;
  /** It is over, however it ended. */
  end(): void;
}

/** A run that is over, and where it was written. */
export interface RecordedRun {
  readonly record: RunRecord;
  /** Relative to where we are, if that is shorter. */
  readonly directory: string;
  /** False where an interrupted run gave way to the whole one that was there before. */
  readonly written: boolean;
  readonly wallSeconds: number;
}

/**
 * Runs a scenario, measures it, and writes its run directory, as `sim run` does.
 *
 * @throws RunDirectoryError
 */
export async function recordRun(how: RunToRecord): Promise<RecordedRun> {
  const { world = 'sim', scenario, command = '' } = how;
  const code = withPlugins(how.code ?? hashCode(), how.plugins);
  const started = new Date().toISOString();
  const id = runId({ world, scenario, code, started: world === 'live' ? started : '' });
  const directory = how.out ?? join('results', scenario.name, id);
  const pending = openRunDirectory(directory, how.isTidy);
  const discard = (): void => pending.discard();
  // Also when a second Ctrl-C ends the program at once.
  process.once('exit', discard);
  try {
    const begun = performance.now();
    const record = await observe(how, pending);
    const wallSeconds = (performance.now() - begun) / 1000;
    const written = !(record.interrupted && how.out === undefined && isWhole(directory));
    if (written) {
      pending.commit(record, {
        scenarioYaml: how.scenarioYaml ?? toYaml(scenario),
        manifest: manifest({ id, world, code, started, wallSeconds, command }),
        latest: how.out === undefined,
      });
    }
    return { record, directory: shorter(directory), written, wallSeconds };
  } finally {
    pending.discard();
    process.off('exit', discard);
  }
}

async function observe(how: RunToRecord, pending: PendingRunDirectory): Promise<RunRecord> {
  const { scenario, world, trace: traced = false, run = runSimulation } = how;
  const inventory = buildInventory(scenario);
  const { invariants } = scenario;
  const judged = world === 'live' ? judgedLive(invariants) : invariants;
  const recorder = createRecorder({ ...scenario, invariants: judged }, inventory);
  const trace = traced === false ? [] : [pending.trace()];
  const watch = how.watch?.();
  try {
    const result = await run(scenario, inventory, {
      sinks: [...recorder.sinks, ...trace],
      ...(traced === 'messages' ? { messages: trace[0] } : {}),
      samplePeriodUs: recorder.samplePeriodUs,
      sample: (timeUs, counters) => recorder.sample(timeUs, counters),
      instants: recorder.instants,
      stalled: (fromUs, untilUs) => recorder.stalled(fromUs, untilUs),
      progress: (timeUs, events) => watch?.report(timeUs, events) ?? true,
    });
    return await besideTwin(scenario, inventory, recorder.finish(result), (events) =>
      watch?.report(scenario.durationUs, events) ?? true);
  } finally {
    watch?.end();
  }
}

function manifest(run: {
  readonly id: string;
  readonly world: string;
  readonly code: string;
  readonly started: string;
  readonly wallSeconds: number;
  readonly command: string;
}): Manifest {
  return {
    run: run.id,
    world: run.world,
    version: version(),
    code: run.code,
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    started: run.started,
    wallSeconds: run.wallSeconds,
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
    command: run.command,
  };
}

/** For a shell. */
export function quoted(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function isWhole(directory: string): boolean {
  return readFinishedRun(directory) !== undefined;
}

/** Relative to where we are, if that is shorter. */
export function shorter(path: string): string {
  const near = relative('', path);
  return near !== '' && near.length < path.length ? near : path;
}
