import type { Observation, ObservationSink } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { Fork } from '../../experiment/fork.js';

interface Entry {
  readonly timeUs: number;
  readonly process: Address;
  readonly observation: Observation;
}

/**
 * Puts the observations of several OS processes in the order of time, which is that of cause and
 * effect: they share a clock. They are held back until nothing earlier can come any more, so when
 * they arrive does not matter.
 */
export class TimeMerge {
  private readonly sinks: Fork;
  private held: Entry[] = [];
  private releasedUs = 0;

  constructor(sinks: readonly ObservationSink[]) {
    this.sinks = new Fork(sinks);
  }

  /** @throws RangeError for what is earlier than what was let go: its place is taken */
  add(timeUs: number, process: Address, observation: Observation): void {
    if (timeUs < this.releasedUs) {
      const late = `${observation.type} of ${process} at ${timeUs} us`;
      throw new RangeError(`${late} came after all until ${this.releasedUs} us was let go`);
    }
    this.held.push({ timeUs, process, observation });
  }

  /** Lets go of what happened before `untilUs`. */
  release(untilUs: number): void {
    if (untilUs <= this.releasedUs) return;
    const due = this.held.filter(({ timeUs }) => timeUs < untilUs);
    this.held = this.held.filter(({ timeUs }) => timeUs >= untilUs);
    // Stable: what one process observes at one time stays in order.
    due.sort((a, b) => a.timeUs - b.timeUs);
    this.releasedUs = untilUs;
    for (const { timeUs, process, observation } of due) {
      this.sinks.observe(timeUs, process, observation);
    }
  }
}
