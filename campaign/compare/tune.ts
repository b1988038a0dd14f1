/** Turns a setting of one side until a measure is as on the other: so that costs compare fairly. */
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Side } from '../../analysis/compare/index.js';
import { readFinishedRun } from '../../analysis/index.js';
import { measureIn, scalarsOf } from '../../analysis/sweep/index.js';
import { tuningOf as declaredOf } from '../../core/detection/index.js';
import { parseScenario } from '../../checker/scenario.js';
import { toYaml } from '../../experiment/scenario/index.js';
import { formatDurationSeconds, quantityOf } from '../../experiment/language/units.js';
import { ExecutorError, InputError } from '../errors.js';
import { Pool } from '../executors/pool.js';
import type { LoadedPlugins } from '../plugins.js';
import { hashCode, withPlugins } from '../run-id.js';
import { sweepWorker, type SweepTask } from '../sweep/task.js';

export interface Tuning {
  /** A scenario path, and between what it is turned. */
  readonly path: string;
  readonly low: number;
  readonly high: number;
  readonly inSeconds: boolean;
}

export interface Tuned {
  readonly side: Side;
  /** As `--set` takes it. */
  readonly setting: string;
  readonly mean: number;
  readonly wanted: number;
  readonly tries: number;
}

/** As near as this share of what is wanted is equal. */
const NEAR = 0.005;
const MOST_TRIES = 14;
const DIGITS = 6;

/** Reads `PATH=low..high`. @throws InputError */
export function tuningOf(text: string): Tuning {
  const [, path, from, to] = /^([^=]+)=(.+?)\.\.(.+)$/.exec(text) ?? [];
  const [low, high] = [from, to].map((end) => quantityOf(end ?? ''));
  if (path === undefined || low === undefined || high === undefined || low.unit !== high.unit) {
    throw new InputError(`--tune ${text}: write PATH=low..high, such as a.timeout=5s..60s`);
  }
  if (low.value >= high.value) {
    throw new InputError(`--tune ${text}: it does not rise, write the lesser end first`);
  }
  return { path, low: low.value, high: high.value, inSeconds: low.unit === 's' };
}

/** What the detector of a side declares to be turned. @throws InputError where it declares none */
export function declaredTuning({ name, runs }: Side, plugins: LoadedPlugins): Tuning {
  const file = join(runs[0].directory, 'scenario.yaml');
  const text = fs.readFileSync(file, 'utf8');
  const { coordination } = parseScenario(text, file, { plugins: plugins.registry });
  const declared = declaredOf(coordination);
  if (declared === undefined) {
    const remedy = 'name one, --tune PATH=low..high';
    throw new InputError(`--at-equal: the detector of ${name} declares no setting, ${remedy}`);
  }
  const { path, low, high, unit } = declared;
  const inSeconds = unit === 'periods';
  const factor = inSeconds ? coordination.resources.heartbeatPeriodUs / 1e6 : 1;
  return { path, low: low * factor, high: high * factor, inSeconds };
}

export interface Tune {
  readonly first: Side;
  readonly second: Side;
  readonly measure: string;
  readonly tuning: Tuning;
  readonly jobs: number;
  readonly plugins: LoadedPlugins;
}

/** @throws InputError where the measure cannot be made equal, ExecutorError where runs crash */
export async function tune(what: Tune): Promise<Tuned> {
  const { first, second, measure, tuning, jobs, plugins } = what;
  if (new Set(second.runs.map(({ cell }) => cell)).size !== 1) {
    throw new InputError(`${second.name}: one cell can be tuned at a time, hold axes with @`);
  }
  const wanted = meanOf(first, measure);
  if (wanted === null) throw new InputError(`${first.name}: no run has ${measure}, name another`);
  const code = withPlugins(hashCode(), plugins.hash);
  const folder = fs.mkdtempSync(join(tmpdir(), 'howdah-compare-'));
  let tries = 0;
  const at = async (value: number): Promise<Try> => {
    tries += 1;
    const setting = `${tuning.path}=${written(value, tuning)}`;
    const side = await rerun(second, setting, { folder, code, jobs, plugins });
    const mean = meanOf(side, measure);
    if (mean !== null) return { value, setting, side, mean, off: mean - wanted };
    throw new InputError(`${second.name}: with ${setting} no run has ${measure}`);
  };
  try {
    const found = await search(at, tuning, wanted);
    if (found === null) {
      const told = String(Number(wanted.toPrecision(DIGITS)));
      throw new InputError(`--tune ${tuning.path}: in that range ${measure} is never ${told} ` +
        `as in ${first.name}, name a wider one`);
    }
    return { side: found.side, setting: found.setting, mean: found.mean, wanted, tries };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

interface Try {
  readonly value: number;
  readonly setting: string;
  readonly side: Side;
  readonly mean: number;
  readonly off: number;
}

/** By false position with halved weights (Illinois), for a measure that rises or falls. */
async function search(
  at: (value: number) => Promise<Try>, { low, high }: Tuning, wanted: number,
): Promise<Try | null> {
  let [a, b] = [await at(low), await at(high)];
  let [weightA, weightB] = [a.off, b.off];
  if (a.off * b.off > 0) return null;
  const isNear = ({ off }: Try): boolean => Math.abs(off) <= NEAR * Math.abs(wanted);
  let best = Math.abs(a.off) < Math.abs(b.off) ? a : b;
  for (let tries = 2; tries < MOST_TRIES && !isNear(best); tries += 1) {
    const next = await at((a.value * weightB - b.value * weightA) / (weightB - weightA));
    if (Math.abs(next.off) < Math.abs(best.off)) best = next;
    if (next.off * b.off < 0) {
      [a, weightA] = [b, b.off];
    } else {
      weightA /= 2;
    }
    [b, weightB] = [next, next.off];
  }
  return best;
}

function meanOf({ runs }: Side, measure: string): number | null {
  const values = runs.flatMap(({ scalars }) => measureIn(scalars, measure) ?? []);
  return values.length === 0 ? null : values.reduce((a, b) => a + b, 0) / values.length;
}

function written(value: number, { inSeconds }: Tuning): string {
  const rounded = Number(value.toPrecision(DIGITS));
  return inSeconds ? formatDurationSeconds(rounded) : String(rounded);
}

async function rerun(
  side: Side, setting: string,
  { folder, code, jobs, plugins }: {
    readonly folder: string; readonly code: string; readonly jobs: number;
    readonly plugins: LoadedPlugins;
  },
): Promise<Side> {
  const tasks = side.runs.map(({ directory }, index): SweepTask => {
    const file = join(directory, 'scenario.yaml');
    const options = { plugins: plugins.registry, set: [setting] };
    const scenario = toYaml(parseScenario(fs.readFileSync(file, 'utf8'), file, options));
    const runId = `run-${index}`;
    const { files, hash } = plugins;
    return {
      runId, scenario, directory: join(folder, runId), code, plugins: { files, hash },
      command: `sim run ${file} --set ${setting}`,
    };
  });
  const waiting = [...tasks];
  const crashes: string[] = [];
  await new Pool<SweepTask>(Math.min(jobs, tasks.length), sweepWorker).execute({
    next: () => waiting.shift() ?? null,
    left: () => waiting.length,
    ended: (_, crashed) => {
      if (crashed !== null) crashes.push(crashed);
    },
  });
  if (crashes.length > 0) throw new ExecutorError(`with ${setting} a run crashed: ${crashes[0]}`);
  const runs = side.runs.map((run, index) => {
    const summary = readFinishedRun(tasks[index].directory)?.summary;
    if (summary === undefined) throw new ExecutorError(`with ${setting} a run was not finished`);
    return { ...run, scalars: scalarsOf(summary) };
  });
  return { ...side, name: `${side.name} with ${setting}`, runs };
}
