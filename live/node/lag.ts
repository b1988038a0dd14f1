/** How far an OS process lags behind its clock: how late its timers are, and how long it stands. */

/** An interval of time. */
export type Span = readonly [fromUs: number, untilUs: number];

/** Nothing else was done in it: for so much of it the process computed itself. */
export type Stall = readonly [...Span, computedUs: number];

/** What a meter found since it was last asked. */
export interface LagReport {
  /** How many timers were late by so much: see {@link latenessOf}. */
  readonly bins: readonly (readonly [bin: number, count: number])[];
  /** Those late for long, each from when it was due until it fired: not in the bins. */
  readonly late: readonly Span[];
  readonly stalls: readonly Stall[];
}

/** A timer that is late by more has its place in time told. */
const LONG_US = 20_000;
/** A shorter pause of everything is no stall: turns of the event loop take their time. */
export const STALL_US = 50_000;
const BINS_PER_OCTAVE = 32;
const BITS = 5;

export class LagMeter {
  private readonly periodUs: number;
  private bins = new Map<number, number>();
  private late: Span[] = [];
  private stalls: Stall[] = [];
  private beatUs: number | null = null;
  private computedUs = 0;

  /** @param periodUs - between two beats */
  constructor(periodUs: number) {
    this.periodUs = periodUs;
  }

  timer(dueUs: number, firedUs: number): void {
    const lateUs = firedUs - dueUs;
    if (lateUs > LONG_US) this.late.push([dueUs, firedUs]);
    else this.bins.set(binOf(lateUs), (this.bins.get(binOf(lateUs)) ?? 0) + 1);
  }

  /**
   * To be called every period.
   *
   * @param computedUs - processor time of the process so far, collecting garbage and all
   */
  beat(nowUs: number, computedUs: number): void {
    const expectedUs = (this.beatUs ?? nowUs) + this.periodUs;
    const stallUs = nowUs - expectedUs;
    if (stallUs > STALL_US) {
      // Several threads may have computed at one time.
      const ownUs = Math.min(stallUs, computedUs - this.computedUs);
      this.stalls.push([expectedUs, nowUs, ownUs]);
    }
    this.beatUs = nowUs;
    this.computedUs = computedUs;
  }

  take(): LagReport {
    const { late, stalls } = this;
    const bins = [...this.bins];
    this.bins = new Map();
    this.late = [];
    this.stalls = [];
    return { bins, late, stalls };
  }
}

/** Processor time of this process so far. */
export function processorUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Bins that grow with what is in them: at most 3% from one edge to the next. */
export function binOf(lateUs: number): number {
  const us = Math.min(0x3fffffff, Math.max(0, Math.floor(lateUs)));
  const shift = Math.max(0, 31 - Math.clz32(us) - BITS);
  return shift * BINS_PER_OCTAVE + (us >> shift);
}

/** The greatest lateness that falls into the bin. */
export function latenessOf(bin: number): number {
  const shift = Math.max(0, Math.floor(bin / BINS_PER_OCTAVE) - 1);
  return (bin - shift * BINS_PER_OCTAVE + 1) * 2 ** shift - 1;
}
