/** What was promised of a run, and whether it was kept: the same words wherever it is told. */
import type { Scalars } from './sweep/scalars.js';
import type { Summary } from './summary.js';
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

/** Of a sweep in which no run broke anything; why not, for those without a bound. */
export function promisesText(
  rows: readonly { readonly scalars: Scalars }[],
): { readonly text: string; readonly reasons: readonly string[] } {
  const why = new Map<string, number>();
  for (const { scalars } of rows) {
    const reason = scalars['recovery.promised'];
    if (typeof reason === 'string' && reason !== '') why.set(reason, (why.get(reason) ?? 0) + 1);
  }
  const without = [...why.values()].reduce((sum, count) => sum + count, 0);
  const runs = words.some(rows.length, 'run');
  const bound = without === 0
    ? 'a bound was promised in each of them'
    : `a bound was promised in ${words.count(rows.length - without)} of them`;
  const reasons = [...why].sort((a, b) => b[1] - a[1]).slice(0, mostReasons)
    .map(([reason, count]) => `${words.some(count, 'run')}: ${reason}`);
  return { text: `No invariant broke in ${runs}; ${bound}`, reasons };
}
