import { checkDelay, type TimerId } from '../../core/process.js';
import { draw, type StreamKey } from '../../experiment/random/streams.js';
import type { Clocks } from './clocks.js';
import { type EnvironmentParts, SimEnvironment } from './environment.js';

/** By how much timers may fire early or late; each is drawn. */
export interface TimerErrors {
  readonly timersUs: number;
  readonly key: StreamKey;
}

/** As its base, for hosts that each have a clock of their own. */
export class ClockedEnvironment extends SimEnvironment {
  private readonly clocks: Clocks;
  private readonly errors: TimerErrors;

  constructor(parts: EnvironmentParts, clocks: Clocks, errors: TimerErrors) {
    super(parts);
    this.clocks = clocks;
    this.errors = errors;
  }

  override now(): number {
    return this.clocks.read(this.address, super.now());
  }

  override setTimer(delay: number, kind: number, argument: number): TimerId {
    return super.setTimer(this.trueDelayUs(delay), kind, argument);
  }

  override after(delay: number, kind: number, argument: number): void {
    super.after(this.trueDelayUs(delay), kind, argument);
  }

  private trueDelayUs(delay: number): number {
    checkDelay(delay);
    const { address, errors: { timersUs, key } } = this;
    const delayUs = this.clocks.trueDelayUs(address, delay);
    if (timersUs === 0) return delayUs;
    const errorUs = Math.round((2 * draw(key, address, this.made(address)) - 1) * timersUs);
    return Math.max(0, delayUs + errorUs);
  }
}
