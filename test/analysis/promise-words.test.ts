/** Badges tell what was promised, and no more. */
import t from 'tap';
import { promisesText } from '../../analysis/promise-words.js';
import { verdict } from '../../analysis/report/html.js';
import type { RunStatus } from '../../analysis/sweep/table.js';
import { summaryText } from '../../cli/summary.js';
import { syntheticRun } from './synthetic.js';

const row = (promised: string | null, status: RunStatus = 'ok') =>
  ({ status, scalars: status === 'crashed' ? {} : { 'recovery.promised': promised } });
const why = (loss: number): string =>
  `nothing is promised: ${loss}% are lost; nothing is promised: phi waits`;

t.test('a sweep says in how many runs a bound was promised, and why not in others', (t) => {
  const told = (...rows: ReturnType<typeof row>[]) => promisesText(rows);
  t.same(told(), { text: 'No run has ended', reasons: [] });
  t.same(told(row(null), row(null)), {
    text: 'No invariant broke in 2 runs; a bound was promised in each of them', reasons: [],
  });
  t.same(told(row(why(2)), row(why(2)), row(null)), {
    text: 'No invariant broke in 3 runs; a bound was promised in 1 of them',
    reasons: ['2 runs: 2% are lost; phi waits'],
  });
  const blind = { status: 'ok', scalars: { 'invariants.checked': 0 } } as const;
  t.match(promisesText([blind, blind]).text, /^No invariant was checked in 2 runs; /);
  t.match(promisesText([row(null), blind]).text,
    /^No invariant broke in the 1 of 2 runs in which any was checked; /);
  const { reasons } = told(row(null), ...[1, 2, 3, 4, 5].map((loss) => row(why(loss))));
  t.equal(reasons.length, 4);
  t.equal(reasons[3], '2 runs for reasons of the kind', 'none is passed over');
  t.equal(told(row(why(1)), row(null, 'broken'), row(null, 'crashed')).text,
    'Of 3 runs, 1 broke a promise and 1 crashed; a bound was promised in 1 of the 2 that ended');
  t.equal(told(row(null, 'crashed')).text, 'Of 1 run, 0 broke a promise and 1 crashed');
  t.end();
});

t.test('a report is good where the run ended with 0', (t) => {
  const made = syntheticRun({
    durationSeconds: 7200, episodes: 3, resourceFaults: 5, samples: 20,
  });
  const { summary } = made;
  t.match(verdict(made), { good: true, text: /; a bound was promised .*; healthy at the end/ });
  const unchecked = { ...summary, invariants: { checked: [], broken: [] } };
  t.match(verdict({ ...made, summary: unchecked }).text, /^No invariant was checked; /);
  const open = { ...summary, final: { ...summary.final, healthy: false } };
  t.match(verdict({ ...made, summary: open, episodes: [] }), {
    good: true, text: /; not yet healthy when the run ended$/,
  });
  const [first] = made.episodes;
  const late = { ...first, censored: true, last_fault_s: 100, bound_s: 50 };
  t.match(verdict({ ...made, summary: open, episodes: [late] }), {
    good: false, text: /^Not healthy when the run ended, .* past its bound$/,
  });
  const none = { count: 0 };
  const lag = {
    seconds: summary.detection.seconds, stalls: none, computing: none, processes: [],
  };
  const live = { lag, void: 'it stood still' } as unknown as NonNullable<typeof summary.live>;
  t.match(verdict({ ...made, summary: { ...open, live }, episodes: [late] }), {
    good: false, text: /^Void as to times and health; /,
  });
  const recorded = {
    record: { ...made, summary: { ...summary, live } }, wallSeconds: 1, written: true,
    directory: 'd',
  } as Parameters<typeof summaryText>[0];
  t.match(summaryText(recorded, null), /\n\nVoid as to times and health; at the end: 1 coord/);
  t.end();
});
