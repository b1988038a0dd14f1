/** Faults as marks along a time axis, with labels where there is room for them. */
import type { FaultRow } from '../record.js';
import * as words from '../words.js';
import { plotWidth } from './theme.js';

export interface FaultMark {
  /** In the unit of the axis. */
  readonly time: number;
  readonly scope: FaultRow['scope'];
  /** Empty where there is no room. */
  readonly label: string;
  /** Line of the label above the plot, 0 the lowest. */
  readonly line: number;
  readonly tooltip: string;
}

const labelLines = 4;
const glyphWidth = 5.7;
const longest = 34;

/** Faults at the same instant become one mark. */
export function faultMarks(
  faults: readonly FaultRow[],
  spanSeconds: number,
  unitSeconds: number,
): FaultMark[] {
  const freeFrom: number[] = Array.from({ length: labelLines }, () => -Infinity);
  const pixels = plotWidth / spanSeconds;
  return groupByInstant(faults).map((group) => {
    const first = group[0]!;
    const label = first.scope === 'management' ? clip(describe(group)) : '';
    const at = first.time_s * pixels;
    const width = label.length * glyphWidth + 10;
    // Labels stand right of their line, at the right end of the plot left of it.
    const left = at + width > plotWidth + 60 ? at - width : at;
    const line = label === '' ? -1 : freeFrom.findIndex((free) => free <= left);
    if (line >= 0) freeFrom[line] = left + width;
    return {
      time: first.time_s / unitSeconds,
      scope: first.scope,
      label: line >= 0 ? label : '',
      line: Math.max(0, line),
      tooltip: `${words.instant(first.time_s)}: ${describe(group)}`,
    };
  });
}

/** Whether the label of a mark stands left of its line. */
export function leansLeft(mark: FaultMark, span: number): boolean {
  const at = (mark.time / span) * plotWidth;
  return at + mark.label.length * glyphWidth + 10 > plotWidth + 60;
}

function groupByInstant(faults: readonly FaultRow[]): FaultRow[][] {
  const groups = new Map<string, FaultRow[]>();
  for (const fault of faults) {
    const key = `${fault.time_s} ${fault.scope}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [fault]);
    else group.push(fault);
  }
  return [...groups.values()];
}

function describe(group: readonly FaultRow[]): string {
  const kinds = [...new Set(group.map(({ kind }) => kind))].join(' and ');
  return `${kinds}: ${words.list(group.map(({ target }) => target), 3)}`;
}

function clip(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1).trimEnd()}…`;
}
