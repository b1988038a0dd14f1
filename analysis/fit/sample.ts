/** Durations as columns of numbers, the form in which likelihoods are reckoned. */
import ln from '@stdlib/math-base-special-ln';
import type { Duration } from '../statistics/kaplan-meier.js';

export interface Sample {
  readonly times: Float64Array;
  /** Their natural logarithms. */
  readonly logs: Float64Array;
  /** 1: it lasted for at least so long. */
  readonly censored: Uint8Array;
  /** How many are not censored. */
  readonly events: number;
}

/** Sorted by time, what ended before what was censored at the same time. */
export function sampleOf(durations: readonly Duration[]): Sample {
  const sorted = [...durations].sort((a, b) => a.time - b.time);
  const times = (censored: boolean): Float64Array =>
    Float64Array.from(sorted.filter((one) => one.censored === censored), ({ time }) => time);
  return sortedSample(times(false), times(true));
}

/** Of what ended and of what was censored, each sorted. */
export function sortedSample(ended: Float64Array, open: Float64Array): Sample {
  const length = ended.length + open.length;
  const times = new Float64Array(length);
  const censored = new Uint8Array(length);
  for (let place = 0, e = 0, o = 0; place < length; place += 1) {
    if (o >= open.length || (e < ended.length && ended[e] <= open[o])) times[place] = ended[e++];
    else {
      times[place] = open[o++];
      censored[place] = 1;
    }
  }
  return { times, logs: times.map((time) => ln(time)), censored, events: ended.length };
}
