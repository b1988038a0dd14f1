import type { Observation } from '../../core/observations.js';
import type { Address } from '../../core/process.js';

/** How a disturbed process has run: straight lines of running time over true time. */
interface Track {
  /** Where each line begins. */
  readonly fromUs: number[];
  /** What it had run by then. */
  readonly ranUs: number[];
  /** Local microseconds per true one, as far as faults change that; 0 while it stands still. */
  readonly rates: number[];
  /** The rate of its clock, whether it stands still or not. */
  clock: number;
}

/**
 * What processes have run for, by their own clocks: stalls left out, and steps of clocks. Only of
 * those that were ever disturbed anything is noted. (What clocks drift by as configured is not
 * known here.)
 */
export class RunningTimes {
  readonly #tracks = new Map<Address, Track>();

  observe(timeUs: number, process: Address, observation: Observation): void {
    switch (observation.type) {
      case 'process-paused':
        return this.#turn(timeUs, process, 0);
      case 'process-resumed':
        return this.#turn(timeUs, process, this.#tracks.get(process)?.clock ?? 1);
      case 'process-up': {
        const track = this.#tracks.get(process);
        if (track !== undefined) this.#turn(timeUs, process, track.clock);
        return;
      }
      case 'clock-set': {
        const clock = 1 + observation.drift;
        const stands = this.#tracks.get(process)?.rates.at(-1) === 0;
        this.#turn(timeUs, process, stands ? 0 : clock);
        this.#tracks.get(process)!.clock = clock;
        return;
      }
      default:
    }
  }

  /** By its own clock, between two instants, the later of which need not have come. */
  betweenUs(process: Address, fromUs: number, toUs: number): number {
    const track = this.#tracks.get(process);
    return track === undefined ? toUs - fromUs : ranUs(track, toUs) - ranUs(track, fromUs);
  }

  /** How often it was disturbed in between: stalls, and changes of its clock. */
  disturbances(process: Address, fromUs: number, toUs: number): number {
    const track = this.#tracks.get(process);
    if (track === undefined) return 0;
    let count = 0;
    for (let line = track.fromUs.length - 1; line > 0 && track.fromUs[line] > fromUs; line -= 1) {
      if (track.fromUs[line] <= toUs && track.rates[line] > 0) count += 1;
    }
    return count;
  }

  /**
   * The latest end, after `fromUs` and up to `toUs`, of a time in which it ran without a break for
   * at least `lengthUs`; -Infinity: there was none.
   */
  lastRunUs(process: Address, lengthUs: number, fromUs: number, toUs: number): number {
    const track = this.#tracks.get(process);
    if (track === undefined) return toUs - fromUs >= lengthUs ? toUs : -Infinity;
    let endUs = toUs;
    for (let line = track.fromUs.length - 1; line >= 0 && endUs > fromUs; line -= 1) {
      const beginUs = Math.max(track.fromUs[line], fromUs);
      if (track.rates[line] > 0 && endUs - beginUs >= lengthUs) return endUs;
      endUs = Math.min(endUs, track.fromUs[line]);
    }
    return -Infinity;
  }

  #turn(timeUs: number, process: Address, rate: number): void {
    let track = this.#tracks.get(process);
    if (track === undefined) {
      track = { fromUs: [-Infinity], ranUs: [0], rates: [1], clock: 1 };
      this.#tracks.set(process, track);
    }
    const sofar = ranUs(track, timeUs);
    track.fromUs.push(timeUs);
    track.ranUs.push(sofar);
    track.rates.push(rate);
  }
}

function ranUs({ fromUs, ranUs: ran, rates }: Track, timeUs: number): number {
  let line = fromUs.length - 1;
  while (fromUs[line] > timeUs) line -= 1;
  // The first line has no beginning: it runs as true time does.
  return line === 0 ? timeUs : ran[line] + (timeUs - fromUs[line]) * rates[line];
}
