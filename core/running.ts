/**
 * The time that a process has been running, in the place of what its clock shows. All that it waits
 * for is reckoned in it: whoever stands still hears nobody and is not to count that against others,
 * and a clock that was set tells nothing of how long anything took.
 */
import type { Message } from './wire/record.js';
import type { Observation } from './observations.js';
import type { Address, Environment, Random, Store, TimerId } from './process.js';

/** A timer may fire so much before its time: a millisecond, and what is rounded. */
export const earlyUs = 1_001;
/** What is left of a wait whose timer came too early is waited for, at least for so long. */
export const leastWaitUs = 1_000;
/** A look that is later than this share of its period leaves what may wait in line its turn. */
export const lateShare = 0.1;

/**
 * The environment of a process that looks around periodically, with another `now`. It goes with the
 * clock, but no further than to the time at which the next look is due: if that comes late, the
 * process stood still, or its clock was set ahead, and from one look to the next no more than the
 * period counts. A look that shows too short a time comes from a clock that was set back: timers do
 * not mind that, so the period has passed. So stalls are left out, whatever their lengths, and the
 * time goes on however many there are.
 */
export class Running implements Environment {
  readonly address: Address;
  readonly #world: Environment;
  readonly #toleranceUs: number;
  /** The running time at the last look, and what the clock showed. */
  #ranUs: number;
  #lookedUs: number;
  /** How long after that the next look is due. */
  #dueUs = 0;
  /** As of when silences may be judged. */
  #judgedUs: number;

  /** @param periodUs - of the looks */
  constructor(world: Environment, periodUs: number) {
    this.address = world.address;
    this.#world = world;
    this.#toleranceUs = lateShare * periodUs;
    this.#lookedUs = world.now();
    this.#ranUs = this.#lookedUs;
    this.#judgedUs = this.#ranUs;
  }

  now(): number {
    const sinceUs = this.#world.now() - this.#lookedUs;
    return this.#ranUs + Math.min(Math.max(sinceUs, 0), this.#dueUs);
  }

  /** What the clock shows. It goes on while the process stands still, and may be set. */
  clock(): number {
    return this.#world.now();
  }

  /**
   * As of when silences may be judged at this look. After a stall what arrived meanwhile may still
   * wait in line behind the look: then as of the look before, and at the next one of all.
   */
  get judgedUs(): number {
    return this.#judgedUs;
  }

  /**
   * The periodic look; the next one is due `nextUs` later.
   *
   * @returns whether the process stood still, as far as it can tell
   */
  look(nextUs: number): boolean {
    const nowUs = this.#world.now();
    const gapUs = nowUs - this.#lookedUs;
    const dueUs = this.#dueUs;
    const late = gapUs > dueUs + this.#toleranceUs;
    const beforeUs = this.#ranUs;
    this.#ranUs += gapUs < dueUs - earlyUs ? dueUs : Math.min(gapUs, dueUs);
    this.#judgedUs = late ? beforeUs : this.#ranUs;
    this.#lookedUs = nowUs;
    this.#dueUs = nextUs;
    return late;
  }

  send(to: Address, message: Message): void {
    this.#world.send(to, message);
  }

  setTimer(delay: number, kind: number, argument: number): TimerId {
    return this.#world.setTimer(delay, kind, argument);
  }

  after(delay: number, kind: number, argument: number): void {
    this.#world.after(delay, kind, argument);
  }

  cancelTimer(timer: TimerId): void {
    this.#world.cancelTimer(timer);
  }

  get random(): Random {
    return this.#world.random;
  }

  get store(): Store {
    return this.#world.store;
  }

  observe(observation: Observation): void {
    this.#world.observe(observation);
  }

  exit(): void {
    this.#world.exit();
  }
}
