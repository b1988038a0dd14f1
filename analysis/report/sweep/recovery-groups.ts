/** Which recoveries stand in one panel, and what its lines are. */
import { axisScale, axisTitle } from './axis.js';
import type { SweepCell, SweepData } from './data.js';
import type { RecoveryTimes } from './recovery-times.js';

/** More lines would lie on each other. */
const MOST_LINES = 6;
const MOST_GROUPS = 3;

export interface LineAxis {
  readonly title: string;
  /** Of the lines that are drawn. */
  readonly labels: readonly string[];
  /** Names are told apart by hue, numbers from pale to dark. */
  readonly named: boolean;
  /** Of all axes; -1: nothing is varied. */
  readonly place: number;
  /** As {@link labels}. */
  readonly values: readonly string[];
}

/** What has names is what one compares; else the axis of the other charts. */
export function lineAxisOf({ outline, axis, title }: SweepData): LineAxis {
  const { axes, report } = outline;
  const named = axes.filter(({ values }) =>
    values.length > 1 && axisScale(values).positions === null);
  const longest = named.reduce<(typeof axes)[number] | undefined>((best, one) =>
    (best && best.values.length >= one.values.length ? best : one), undefined);
  const chosen = longest ?? axis;
  if (chosen === undefined) {
    return { title, labels: [outline.name], named: true, place: -1, values: [''] };
  }
  const values = thinned(chosen.values);
  const { labels } = axisScale(chosen.values);
  return {
    title: axisTitle(chosen.path, report.axes),
    labels: values.map((value) => labels[chosen.values.indexOf(value)]),
    named: longest !== undefined,
    place: axes.indexOf(chosen),
    values,
  };
}

/** Evenly, with both ends. */
function thinned(values: readonly string[]): string[] {
  if (values.length <= MOST_LINES) return [...values];
  const step = (values.length - 1) / (MOST_LINES - 1);
  return Array.from({ length: MOST_LINES }, (_, index) => values[Math.round(index * step)]);
}

export interface RecoveryGroup {
  /** Of the other axes; empty: there are none. */
  readonly where: string;
  readonly lines: readonly {
    readonly label: string; readonly of: string; readonly times: RecoveryTimes;
  }[];
}

export function recoveryGroups(
  { outline, cells }: SweepData, axis: LineAxis, timesOf: (cell: SweepCell) => RecoveryTimes,
): RecoveryGroup[] {
  const { axes, report } = outline;
  const whereOf = ({ values }: SweepCell): string => axes
    .map(({ path }, place) => ({ name: axisTitle(path, report.axes), place }))
    .filter(({ place }) => place !== axis.place && axes[place].values.length > 1)
    .map(({ name, place }) => `${name} ${values[place]}`)
    .join(', ');
  const groups = new Map<string, SweepCell[]>();
  for (const cell of cells) {
    const where = whereOf(cell);
    groups.set(where, [...(groups.get(where) ?? []), cell]);
  }
  return [...groups].slice(0, MOST_GROUPS).map(([where, own]) => ({
    where,
    lines: axis.values.flatMap((value, index) => {
      const cell = own.find(({ values }) => axis.place < 0 || values[axis.place] === value);
      return cell === undefined ? []
        : [{ label: axis.labels[index], of: cell.of, times: timesOf(cell) }];
    }),
  }));
}
