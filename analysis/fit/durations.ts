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
  /** Whose each of them was. */
  readonly lifetimeNodes: readonly number[];
  readonly repairNodes: readonly number[];
  /** That began while it was watched, and for how long that was, in seconds. */
  readonly failures: number;
  readonly watchedSeconds: number;
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
  let failures = 0;
  const add = (to: Reservoir, node: number, beginUs: number, endUs: number): void => {
    if (beginUs < fromUs || beginUs >= untilUs) return;
    const censored = endUs > untilUs;
    const time = (Math.min(endUs, untilUs) - beginUs) / US_PER_S;
    to.add({ time, censored }, node);
  };
  for (let node = 0; node < trace.nodes; node += 1) {
    let upSinceUs = -Infinity;
    while (upSinceUs < untilUs && cursor.next(node)) {
      const { beginUs, endUs } = cursor;
      add(lifetimes, node, upSinceUs, beginUs);
      // A node that was not up when the watching began had been down before; a log says when.
      const seen = beginUs > trace.startUs || trace.outages.kind === 'table';
      if (seen) add(repairs, node, beginUs, endUs);
      if (seen && beginUs >= fromUs && beginUs < untilUs) failures += 1;
      upSinceUs = endUs;
    }
    add(lifetimes, node, upSinceUs, Infinity);
  }
  return {
    lifetimes: lifetimes.kept,
    repairs: repairs.kept,
    lifetimesTotal: lifetimes.total,
    repairsTotal: repairs.total,
    lifetimeNodes: lifetimes.nodes,
    repairNodes: repairs.nodes,
    failures,
    watchedSeconds: (untilUs - fromUs) / US_PER_S,
  };
}

/** Keeps an even sample of all that comes (Vitter's algorithm R), the same every time. */
class Reservoir {
  readonly kept: Duration[] = [];
  readonly nodes: number[] = [];
  total = 0;
  private readonly key: StreamKey;

  constructor(key: StreamKey) {
    this.key = key;
  }

  add(duration: Duration, node: number): void {
    const { kept, nodes, total } = this;
    this.total += 1;
    const place = total < MOST_DURATIONS
      ? total : Math.floor(draw(this.key, total) * this.total);
    if (place >= MOST_DURATIONS) return;
    kept[place] = duration;
    nodes[place] = node;
  }
}
