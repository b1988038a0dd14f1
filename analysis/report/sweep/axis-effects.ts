/** What each axis of a sweep does to each measure: from its first value to its last. */
import {
  effectText, effectsOf, judgedTogether, type Compared, type Side,
} from '../../compare/index.js';
import { measureWords } from '../../measure-words.js';
import { axisScale, axisTitle } from './axis.js';
import type { SweepData } from './data.js';
import type { ChartTable } from '../theme.js';

/** With more names than this only the first and the last are compared. */
const MOST_NAMES = 4;

/** Of one step along one axis, on one measure in one cell of the other axes. */
interface Step extends Compared {
  readonly axis: string;
  readonly from: string;
  readonly to: string;
  /** Names have no order: one stands instead of the other. */
  readonly named: boolean;
}

/** Cells that agree but for one axis, seed by seed; judged all at once (Holm). */
export function axisEffects(data: SweepData, measures: readonly string[]): Step[] {
  const { axes, report } = data.outline;
  const steps = axes.flatMap(({ path, values }, place) => {
    const { positions, labels } = axisScale(values);
    const named = positions === null;
    const last = values.length - 1;
    const alone = axes.every((axis, other) => other === place || axis.values.length < 2);
    const others = named && values.length <= MOST_NAMES ? values.slice(1) : values.slice(last);
    return values.length < 2 ? [] : others.flatMap((value) => {
      const [first, second] = [values[0], value].map((one) => sideOf(data, place, one));
      const told = { axis: axisTitle(path, report.axes), named, from: labels[0] };
      const to = labels[values.indexOf(value)];
      // Two cells that differ in other axes too are not told apart by this one.
      return effectsOf(first, second, measures).filter(({ cell }) => cell !== '' || alone)
        .map((effect) => ({ ...told, to, effect }));
    });
  });
  const judged = judgedTogether(steps.map(({ effect }) => effect));
  return steps.map(({ axis, from, to, named }, index) =>
    ({ axis, from, to, named, ...judged[index] }));
}

function sideOf({ outline, rows }: SweepData, place: number, value: string): Side {
  const own = rows.filter((row) => row.values[place] === value && row.status !== 'crashed');
  const others = outline.axes.map((_, index) => index).filter((index) =>
    index !== place && outline.axes[index].values.length > 1);
  const cellOf = (values: readonly string[]): string => others.map((index) => {
    const { path } = outline.axes[index];
    return `${axisTitle(path, outline.report.axes)} ${values[index]}`;
  }).join(', ');
  const runs = own.map(({ values, seed, scalars }) =>
    ({ cell: cellOf(values), seed, scalars, directory: '' }));
  return { name: value, runs, crashed: 0, measures: undefined };
}

/** A sentence for each step along an axis. */
export function effectFindings(steps: readonly Step[]): string[] {
  const groups = new Map<string, Step[]>();
  for (const step of steps) {
    const key = JSON.stringify([step.axis, step.from, step.to]);
    groups.set(key, [...(groups.get(key) ?? []), step]);
  }
  return [...groups.values()].map((group) => {
    const [{ axis, from, to, named }] = group;
    const lead = named ? `With ${axis} ${to} instead of ${from}` : `From ${axis} ${from} to ${to}`;
    if (group.every(({ outcome }) => outcome === 'few')) {
      return `${lead}: one run of each tells nothing of chance.`;
    }
    const measures = [...new Set(group.map(({ measure }) => measure))];
    const told = measures.map((name) => change(group.filter(({ measure }) => measure === name)));
    const moved = told.filter(({ sure }) => sure).map(({ text }) => text);
    const still = told.filter(({ sure }) => !sure).map(({ text }) => text);
    const first = moved.length === 0 ? `${lead}: nothing surely changes.`
      : `${lead}: ${moved.join('; ')}.`;
    return still.length === 0 ? first : `${first} Not surely changed: ${still.join('; ')}.`;
  });
}

/** `messages sent: down from 330 to 2.8 per second in 1 of 2 cells`, `repair, mean (2 s)`. */
function change(steps: readonly Step[]): { readonly sure: boolean; readonly text: string } {
  const { title, told, full } = measureWords(steps[0].measure);
  const range = (side: 'first' | 'second', own: readonly Step[], last = told): string => {
    const means = own.map((step) => step[side].mean);
    const [low, high] = [Math.min(...means), Math.max(...means)];
    return told(low) === told(high) ? last(low) : `${told(low)}–${last(high)}`;
  };
  const parts = (['more', 'less'] as const).flatMap((outcome) => {
    const own = steps.filter((step) => step.outcome === outcome);
    if (own.length === 0) return [];
    const verb = outcome === 'more' ? 'up' : 'down';
    const where = own.length < steps.length ? ` in ${own.length} of ${steps.length} cells` : '';
    return [`${verb} from ${range('first', own)} to ${range('second', own, full)}${where}`];
  });
  if (parts.length > 0) return { sure: true, text: `${title}: ${parts.join(', ')}` };
  const [before, after] = [range('first', steps), range('second', steps, full)];
  const means = before === range('second', steps) ? after : `${before}, then ${after}`;
  return { sure: false, text: `${title} (${means})` };
}

export function effectTable(steps: readonly Step[]): ChartTable {
  return {
    note: 'Runs with the same seed are compared; p after Holm’s adjustment for all rows.',
    head: ['axis', 'from', 'to', 'at', 'measure', 'mean there', 'mean here', 'change', 'p'],
    rows: steps.map((step) => {
      const { told, title } = measureWords(step.measure);
      return [
        step.axis, step.from, step.to, step.cell === '' ? '–' : step.cell, title,
        told(step.first.mean), told(step.second.mean), effectText(step),
        step.adjusted === null ? '–'
          : step.adjusted < 0.001 ? '<0.001' : step.adjusted.toFixed(3),
      ];
    }),
    textColumns: [0, 1, 2, 3, 4, 7],
    file: 'runs.csv',
  };
}
