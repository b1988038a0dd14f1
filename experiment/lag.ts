/** How far the OS processes of a live run lagged behind their clocks. */

/** Null where there were none. */
interface Spread {
  readonly mean: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}

export interface LagFigures {
  /** Timers that fired. */
  readonly timers: number;
  /** By how much they were late, in seconds; quantiles are right to 3%, and never too low. */
  readonly seconds: Spread;
  /** Times that the machine took: nothing at all was done, and the scenario wanted no pause. */
  readonly stalls: {
    readonly count: number;
    /** All together; those of several processes at one time count once. */
    readonly seconds: number;
    readonly longestSeconds: number;
  };
  /** Times in which nothing else was done since the process computed, on end. */
  readonly computing: {
    readonly count: number;
    /** Of processor time, in all processes together. */
    readonly seconds: number;
    readonly longestSeconds: number;
  };
}

export interface Lag extends LagFigures {
  /** Stalls of a process that hosts nodes may take so long: more, and timeouts blame the living. */
  readonly allowedSeconds: number;
  readonly processes: readonly (LagFigures & {
    /** `supervisor`, or the number of an OS process that hosts nodes. */
    readonly process: string;
    readonly nodes: readonly string[];
  })[];
}

/** What there is to say of a live run beside what is measured in any. */
export interface LiveResult {
  readonly lag: Lag;
  /** Why nothing can be said of times and health; null: all can. */
  readonly voidBecause: string | null;
  /** What processes computed on end for longer than timeouts allow: no fault of the machine's. */
  readonly busy: readonly string[];
}

/** Intervals of time, put together. */
export class Stalls {
  /** In order, and apart from each other. */
  readonly #spans: { fromUs: number; untilUs: number }[] = [];

  get totalUs(): number {
    return this.sinceUs(0);
  }

  add(fromUs: number, untilUs: number): void {
    const spans = this.#spans;
    let index = spans.length;
    while (index > 0 && spans[index - 1].fromUs > fromUs) index -= 1;
    spans.splice(index, 0, { fromUs, untilUs });
    for (let at = Math.max(0, index - 1); at + 1 < spans.length; ) {
      if (spans[at + 1].fromUs > spans[at].untilUs) {
        if (at >= index) return;
        at += 1;
      } else {
        spans[at].untilUs = Math.max(spans[at].untilUs, spans[at + 1].untilUs);
        spans.splice(at + 1, 1);
      }
    }
  }

  /** How much of the time from then on they take. */
  sinceUs(timeUs: number): number {
    let sumUs = 0;
    for (let at = this.#spans.length - 1; at >= 0; at -= 1) {
      const { fromUs, untilUs } = this.#spans[at];
      if (untilUs <= timeUs) break;
      sumUs += untilUs - Math.max(fromUs, timeUs);
    }
    return sumUs;
  }
}
