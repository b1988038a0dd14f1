/** What of a trace goes into a picture or a story: the end of it, and what matters there. */
import { chronicle, type Told } from './chronicle.js';
import { isMessage, type Trace } from './read.js';

/** A message as an arrow; `receivedUs` null: it was lost, or came to nobody. */
export interface Arrow {
  readonly from: number;
  readonly to: number;
  readonly message: string;
  readonly sentUs: number;
  readonly receivedUs: number | null;
}

export interface Excerpt {
  readonly fromUs: number;
  readonly untilUs: number;
  readonly told: readonly Told[];
  readonly arrows: readonly Arrow[];
  /** Messages of that time that are left out: by type, the most frequent first. */
  readonly leftOut: readonly (readonly [message: string, count: number])[];
}

/** More arrows, or events, nobody can follow. */
const MOST_ARROWS = 90;
const MOST_TOLD = 60;

/**
 * The time from the first fault to the end, with its most frequent messages left out one type after
 * the other until the rest can be followed; if so much is told that this is no help, less time.
 */
export function excerptOf(trace: Trace): Excerpt {
  const all = chronicle(trace);
  const untilUs = trace.entries.at(-1)?.timeUs ?? 0;
  const firstFault = all.find(({ sort }) => sort === 'fault');
  const since = all.filter(({ timeUs }) => timeUs >= (firstFault?.timeUs ?? 0));
  const told = since.slice(-MOST_TOLD);
  const fromUs = told[0]?.timeUs ?? 0;
  const arrows = arrowsOf(trace).filter(({ sentUs }) => sentUs >= fromUs);
  const counts = new Map<string, number>();
  for (const { message } of arrows) counts.set(message, (counts.get(message) ?? 0) + 1);
  const leftOut: (readonly [string, number])[] = [];
  let left = arrows.length;
  for (const [message, count] of [...counts].sort((a, b) => b[1] - a[1])) {
    if (left <= MOST_ARROWS) break;
    leftOut.push([message, count]);
    left -= count;
  }
  const dropped = new Set(leftOut.map(([message]) => message));
  const kept = arrows.filter(({ message }) => !dropped.has(message));
  return { fromUs, untilUs, told, arrows: kept, leftOut };
}

function arrowsOf({ entries }: Trace): Arrow[] {
  const receivedUs = new Map<number, number>();
  for (const { timeUs, what } of entries) {
    if (isMessage(what) && what.type === 'message-received' && !receivedUs.has(what.id)) {
      receivedUs.set(what.id, timeUs);
    }
  }
  return entries.flatMap(({ timeUs, process, what }) => {
    if (!isMessage(what) || what.type !== 'message-sent') return [];
    const { other: to, message, id } = what;
    // To oneself: nothing to see.
    if (to === process) return [];
    return [{ from: process, to, message, sentUs: timeUs, receivedUs: receivedUs.get(id) ?? null }];
  });
}
