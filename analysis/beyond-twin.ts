/** What recoveries sent beyond a run of the same seed without faults. */
import type { RunRecord } from './record.js';

const US_PER_S = 1e6;
const us = (seconds: number): number => Math.round(seconds * US_PER_S);

/** In microseconds and in order: when the twin's messages are to be counted. */
export function twinInstants({ episodes }: RunRecord): number[] {
  const all = episodes.flatMap(({ start_s: start, end_s: end }) =>
    (end === null ? [] : [us(start), us(end)]));
  return [...new Set(all)].sort((a, b) => a - b);
}

/** @param sent - by the twin up to each of those instants */
export function beyondTwin(record: RunRecord, sent: ReadonlyMap<number, number>): RunRecord {
  const episodes = record.episodes.map((row) => {
    if (row.end_s === null) return row;
    const twin = sent.get(us(row.end_s))! - sent.get(us(row.start_s))!;
    return { ...row, beyond_twin: row.sent - twin };
  });
  const sum = episodes.reduce((all, { beyond_twin: beyond }) => all + (beyond ?? 0), 0);
  const { summary } = record;
  return {
    ...record, episodes,
    summary: { ...summary, recovery: { ...summary.recovery, beyondTwin: sum } },
  };
}
