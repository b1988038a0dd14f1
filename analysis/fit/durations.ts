/** Lifetimes and repairs from a trace: how long nodes were up and down, as far as was seen. */
import { openOutages, type TraceFile } from '../../experiment/traces/index.js';
import { draw, streamKey, type StreamKey } from '../../experiment/random/streams.js';
import type { Duration } from '../statistics/kaplan-meier.js';

/** Of more, as many are drawn: a law shows in so many as well, and memory has an end. */
export const MOST_DURATIONS = 50_000;

/** In seconds; censored where the end was not seen. */
export interface TraceDurations {
  readonly lifetimes: readonly Duration[];
  readonly repairs: readonly Duration[];
  /** How many there were before some were drawn from them. */
  readonly lifetimesTotal: number;
  readonly repairsTotal: number;
}

/** By the trace's clock; undefined: from its beginning, to its end. */
export interface DurationWindow {
  readonly fromUs?: number | undefined;
  readonly untilUs?: number | undefined;
}

/** Bytes read at once: node comes after node. */
const PIECE = 1 << 16;
const US_PER_S = 1e6;

/**
 * What was under way when the watching began is left out, since nobody knows since when; what was
 * so when it ended is censored. The beginnings of all others were seen, so they are no worse a
 * sample for that.
 */
export function durationsOf(trace: TraceFile, window: DurationWindow = {}): TraceDurations {
  const fromUs = Math.max(window.fromUs ?? -Infinity, trace.startUs);
  const untilUs = Math.min(window.untilUs ?? Infinity, trace.endUs);
  const lifetimes = new Reservoir(streamKey(0, 'fit/lifetimes'));
  const repairs = new Reservoir(streamKey(0, 'fit/repairs'));
  const cursor = openOutages(trace, PIECE);
  const add = (to: Reservoir, beginUs: number, endUs: number): void => {
    if (beginUs < fromUs || beginUs >= untilUs) return;
    const censored = endUs > untilUs;
    to.add({ time: (Math.min(endUs, untilUs) - beginUs) / US_PER_S, censored });
  };
  for (let node = 0; node < trace.nodes; node += 1) {
    let upSinceUs = -Infinity;
    while (upSinceUs < untilUs && cursor.next(node)) {
      const { beginUs, endUs } = cursor;
      add(lifetimes, upSinceUs, beginUs);
      // A node that was not up when the watching began had been down before; a log says when.
      const seen = beginUs > trace.startUs || trace.outages.kind === 'table';
      if (seen) add(repairs, beginUs, endUs);
      upSinceUs = endUs;
    }
    add(lifetimes, upSinceUs, Infinity);
  }
  return {
    lifetimes: lifetimes.kept,
    repairs: repairs.kept,
    lifetimesTotal: lifetimes.total,
    repairsTotal: repairs.total,
  };
}

/** Keeps an even sample of all that comes (Vitter's algorithm R), the same every time. */
class Reservoir {
  readonly kept: Duration[] = [];
  total = 0;
  private readonly key: StreamKey;

  constructor(key: StreamKey) {
    this.key = key;
  }

  add(duration: Duration): void {
    const { kept, total } = this;
    this.total += 1;
    if (total < MOST_DURATIONS) kept.push(duration);
    else {
      const place = Math.floor(draw(this.key, total) * this.total);
      if (place < MOST_DURATIONS) kept[place] = duration;
    }
  }
}
