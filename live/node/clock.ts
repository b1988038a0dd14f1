/**
 * Microseconds since an origin, by the machine's monotonic clock (CLOCK_MONOTONIC): processes of
 * one machine that share the origin share the time.
 */
export class Clock {
  readonly originNs: bigint;

  constructor(originNs: bigint) {
    this.originNs = originNs;
  }

  static startingNow(): Clock {
    return new Clock(process.hrtime.bigint());
  }

  now(): number {
    return Number((process.hrtime.bigint() - this.originNs) / 1000n);
  }
}
