/** What a sweep would take, before anything is run. */
import { duration, some } from '../../analysis/words.js';
import { Schedule, type Shard } from '../../campaign/sweep/schedule.js';
import { extentOf, type Sweep } from '../../experiment/sweep/index.js';
import { assess } from '../assess.js';
import { InputError } from '../exit.js';
import { plainTable, tableText } from '../text.js';

/** More runs than that are made only when they are asked for. */
const MOST_UNASKED = 10_000;

export interface Plan {
  readonly name: string;
  readonly cells: number;
  readonly runs: number;
  /** Where results say how many are enough: so many at most. */
  readonly mostRuns: number;
  readonly jobs: number;
  /** Of the fewest runs; by the messages that are expected, the order of magnitude. */
  readonly processorSeconds: number;
  readonly seconds: number;
  readonly longestRunSeconds: number;
}

/** @param shard - null: of the whole sweep */
export function planOf(
  { name, cells, replications }: Sweep, jobs: number, shard: Shard | null,
): Plan {
  const { min, max } = extentOf(replications);
  const each = cells.map(({ scenario }) => assess(scenario).runSeconds);
  const { first } = new Schedule(cells.length, replications, shard);
  const longestRunSeconds = first.reduce((most, { cell }) => Math.max(most, each[cell]), 0);
  const processorSeconds = first.reduce((sum, { cell }) => sum + each[cell], 0);
  const own = new Set(first.map(({ cell }) => cell)).size;
  return {
    name,
    cells: own,
    runs: first.length,
    // A shard takes whole cells of what may grow.
    mostRuns: min === max ? first.length : own * max,
    jobs,
    processorSeconds,
    seconds: Math.max(longestRunSeconds, processorSeconds / jobs),
    longestRunSeconds,
  };
}

/** @throws InputError where there are so many runs that it must be said */
export function refuseMany(file: string, { cells, replications }: Sweep): void {
  const runs = cells.length * extentOf(replications).max;
  if (runs <= MOST_UNASKED) return;
  const made = `${some(cells.length, 'cell')} make ${some(runs, 'run')}`;
  throw new InputError(`${file}: ${made}, --dry-run tells how long they take, --yes makes them`);
}

export function printPlan(plan: Plan, json: boolean): void {
  console.log(json ? JSON.stringify(plan, null, 2) : planText(plan));
}

function planText(plan: Plan): string {
  const table = plainTable(['', ''], 2);
  const row = (title: string, text: string): void => void table.push([title, text]);
  row('cells', String(plan.cells));
  const most = plan.mostRuns > plan.runs ? ` at least, ${plan.mostRuns} at most` : '';
  row('runs', `${plan.runs}${most}`);
  row('processor time', `about ${duration(plan.processorSeconds)}`);
  row('will take', `about ${duration(plan.seconds)} with ${some(plan.jobs, 'job')}, if each has ` +
    'a core of its own');
  row('longest run', `about ${duration(plan.longestRunSeconds)}`);
  return `${plan.name}\n${tableText(table).trim()}`;
}
