/** What was promised of a run, and whether it was kept: the same words wherever it is told. */
import type { Scalars } from './sweep/scalars.js';
import type { RunStatus } from './sweep/table.js';
import type { Summary } from './measures/index.js';
import * as words from './words.js';

/** More reasons than these would be read by nobody. */
const mostReasons = 3;

/** Of a run in which nothing broke. */
export function promiseText({ invariants, recovery }: Summary): string {
  const checked = invariants.checked.length;
  const held = checked === 0
    ? 'No invariant was checked' : `No invariant broke (${words.count(checked)} checked)`;
  const { episodes, bounded, promised } = recovery;
  if (episodes === 0) return promised === null ? held : `${held}; no bound was promised`;
  const of = bounded === episodes
    ? `each of ${words.some(episodes, 'episode')}`
    : `${words.count(bounded)} of ${words.some(episodes, 'episode')}`;
  return `${held}; a bound was promised for ${of}`;
}

/** Of a sweep: what came of its runs, in how many a bound was promised, and why not in others. */
export function promisesText(
  rows: readonly { readonly status: RunStatus; readonly scalars: Scalars }[],
): { readonly text: string; readonly reasons: readonly string[] } {
  if (rows.length === 0) return { text: 'No run has ended', reasons: [] };
  const crashed = rows.filter(({ status }) => status === 'crashed').length;
  const broken = rows.filter(({ status }) => status === 'broken').length;
  const runs = words.some(rows.length, 'run');
  const unchecked = rows.filter(({ scalars }) => scalars['invariants.checked'] === 0).length;
  const outcome = broken + crashed === 0
    ? unbroken(rows.length, unchecked)
    : `Of ${runs}, ${words.count(broken)} broke a promise and ${words.count(crashed)} crashed`;
  const { without, reasons } = whyNot(rows);
  const ended = rows.length - crashed;
  if (ended === 0) return { text: outcome, reasons };
  const bound = without === 0 && crashed === 0
    ? 'a bound was promised in each of them'
    : `a bound was promised in ${words.count(ended - without)} of ` +
      (crashed === 0 ? 'them' : `the ${words.count(ended)} that ended`);
  return { text: `${outcome}; ${bound}`, reasons };
}

function unbroken(runs: number, unchecked: number): string {
  if (unchecked === runs) return `No invariant was checked in ${words.some(runs, 'run')}`;
  const where = unchecked === 0 ? words.some(runs, 'run')
    : `the ${words.count(runs - unchecked)} of ${words.some(runs, 'run')} in which any was checked`;
  return `No invariant broke in ${where}`;
}

/** The reasons that most runs have; those of the others are counted. */
function whyNot(rows: readonly { readonly scalars: Scalars }[]) {
  const why = new Map<string, number>();
  for (const { scalars } of rows) {
    const reason = scalars['recovery.promised'];
    if (typeof reason === 'string' && reason !== '') why.set(reason, (why.get(reason) ?? 0) + 1);
  }
  const most = [...why].sort((a, b) => b[1] - a[1]);
  const told = most.slice(0, mostReasons).map(([reason, count]) =>
    `${words.some(count, 'run')}: ${reason.replaceAll(/(?<=^|; )nothing is promised: /g, '')}`);
  const sum = (some: typeof most): number => some.reduce((all, [, count]) => all + count, 0);
  const others = sum(most.slice(mostReasons));
  const more = others === 0 ? [] : [`${words.some(others, 'run')} for reasons of the kind`];
  return { without: sum(most), reasons: [...told, ...more] };
}
