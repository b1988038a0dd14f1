import type { TimerId } from '../../core/process.js';
import type { Clocks } from './clocks.js';
import { type EnvironmentParts, SimEnvironment } from './environment.js';

/** As its base, for hosts that each have a clock of their own. */
export class ClockedEnvironment extends SimEnvironment {
  private readonly clocks: Clocks;

  constructor(parts: EnvironmentParts, clocks: Clocks) {
    super(parts);
    this.clocks = clocks;
  }

  override now(): number {
    return this.clocks.read(this.address, super.now());
  }

  override setTimer(delay: number, kind: number, argument: number): TimerId {
    return super.setTimer(this.clocks.trueDelayUs(this.address, delay), kind, argument);
  }

  override after(delay: number, kind: number, argument: number): void {
    super.after(this.clocks.trueDelayUs(this.address, delay), kind, argument);
  }
}
