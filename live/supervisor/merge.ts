import type { Observation, ObservationSink } from '../../core/observations.js';
import type { Address } from '../../core/process.js';

interface Entry {
  readonly timeUs: number;
  readonly process: Address;
  readonly observation: Observation;
}

/**
 * Puts the observations of several OS processes in the order of time. They are held back until
 * nothing earlier can come any more; what comes too late all the same is dated at the latest time
 * that was released.
 */
export class TimeMerge {
  private readonly sinks: readonly ObservationSink[];
  private held: Entry[] = [];
  private releasedUs = 0;

  constructor(sinks: readonly ObservationSink[]) {
    this.sinks = sinks;
  }

  add(timeUs: number, process: Address, observation: Observation): void {
    this.held.push({ timeUs: Math.max(timeUs, this.releasedUs), process, observation });
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
      for (const sink of this.sinks) sink.observe(timeUs, process, observation);
    }
  }
}
