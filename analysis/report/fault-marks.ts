/** Faults as marks along a time axis, with labels where there is room for them. */
import type { FaultRow } from '../tables/index.js';
import { isOfLinks, isOfNodes, kindInWords } from '../fault-words.js';
import * as words from '../words.js';
import { textWidth } from './text-width.js';
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
  /** Where a fault of links ended; null for others, whose end matters little. */
  readonly until: number | null;
}

const labelLines = 4;
const fontSize = 11;
const longest = 34;
/** Beyond the right end of the plot there is so much room for a label. */
const overhang = 40;

/** Faults at the same instant become one mark. */
export function faultMarks(
  faults: readonly FaultRow[],
  spanSeconds: number,
  unitSeconds: number,
): FaultMark[] {
  const groups = groupByInstant(faults);
  const lines = labelledLines(groups, spanSeconds);
  return groups.map((group) => {
    const first = group[0];
    const line = lines.get(group);
    return {
      time: first.time_s / unitSeconds,
      scope: first.scope,
      label: line === undefined ? '' : labelOf(group),
      line: line ?? 0,
      tooltip: `${words.instant(first.time_s)}: ${describe(group)}`,
      until: lasting(group, spanSeconds) / unitSeconds || null,
    };
  });
}

/** Whether the label of a mark stands left of its line: right of it, it would leave the plot. */
export function leansLeft(label: string, at: number): boolean {
  return at + widthOf(label) > plotWidth + overhang;
}

/**
 * Lines for the labels of faults of the management plane. A mark's stem rises to its label through
 * all lines below, so from right to left each label goes above all stems that it spans.
 */
function labelledLines(
  groups: readonly (readonly FaultRow[])[],
  spanSeconds: number,
): Map<readonly FaultRow[], number> {
  const placed: { from: number; to: number; at: number; line: number }[] = [];
  const lines = new Map<readonly FaultRow[], number>();
  for (const group of [...groups].reverse()) {
    if (group[0].scope !== 'management') continue;
    const at = (group[0].time_s / spanSeconds) * plotWidth;
    const label = labelOf(group);
    const left = leansLeft(label, at);
    const from = left ? at - widthOf(label) : at;
    const to = left ? at : at + widthOf(label);
    const free = (line: number): boolean =>
      placed.every(
        (other) =>
          // Neither on another label, nor across its stem, nor under it with one's own.
          (other.line !== line || to <= other.from || from >= other.to) &&
          (line > other.line || other.at < from || other.at > to) &&
          (line < other.line || at < other.from || at > other.to),
      );
    const choices = Array.from({ length: labelLines }, (_, line) => line);
    const line = (left ? choices.reverse() : choices).find(free);
    if (line === undefined) continue;
    placed.push({ from, to, at, line });
    lines.set(group, line);
  }
  return compressed(lines);
}

/** Leaves out lines that are empty. */
function compressed<Key>(lines: ReadonlyMap<Key, number>): Map<Key, number> {
  const used = [...new Set(lines.values())].sort((a, b) => a - b);
  return new Map([...lines].map(([key, line]) => [key, used.indexOf(line)]));
}

function widthOf(label: string): number {
  return textWidth(label, fontSize) + 10;
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

/** When the last of the faults of links ended; 0 if there are none. */
function lasting(group: readonly FaultRow[], spanSeconds: number): number {
  const ends = group
    .filter(({ kind }) => isOfLinks(kind))
    .map(({ cleared_s: end }) => end ?? spanSeconds);
  return Math.max(0, ...ends);
}

function describe(group: readonly FaultRow[]): string {
  const kinds = [...new Set(group.map(({ kind }) => kindInWords(kind)))].join(' and ');
  return `${kinds}: ${words.list(group.map(({ target }) => target), 3)}`;
}

function labelOf(group: readonly FaultRow[]): string {
  const kinds = [...new Set(group.map(({ kind }) => kind))];
  const targets = group.map(({ target }) => target).join(', ');
  const brief = kinds.every(isOfNodes);
  return clip(brief ? `${kinds.join(' and ')}: ${words.nodes(targets)}` : describe(group));
}

function clip(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1).trimEnd()}…`;
}
