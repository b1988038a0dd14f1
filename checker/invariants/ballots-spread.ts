import type { Observation } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { RingLosses } from './ring-losses.js';
import { Steadiness } from './steadiness.js';
import { Watch } from './watch.js';

/** A ballot was taken: by then all that can hear of it have. */
interface Announcement {
  readonly coordinator: Address;
  readonly ballot: number;
  readonly electedUs: number;
  readonly dueUs: number;
}

/**
 * Reach of the election: whoever has been up, in the ring and in reach of a coordinator since long
 * before it took its ballot, over links that lose and delay nothing, acknowledges that ballot or a
 * greater one in the time that an announcement takes, the dead on its way included. Not judged
 * where so many have died that the ring may be in parts.
 */
export class BallotsSpread extends Watch {
  static readonly title = 'ballots-spread';
  static readonly exact = true;
  static readonly meaning =
    'Every manager that can hear a new coordinator acknowledges its ballot, or a greater one, by ' +
    'the time that an announcement takes.';
  readonly #steadiness = new Steadiness(this.context);
  readonly #losses = new RingLosses(this.context);
  /** In the order in which they fall due. */
  #announcements: Announcement[] = [];

  observe(timeUs: number, process: Address, observation: Observation): void {
    if (this.#announcements.length > 0) this.#judgeDue(timeUs);
    this.#steadiness.observe(timeUs, observation);
    if (observation.type === 'process-down' && process < this.context.inventory.managers) {
      this.#losses.down(timeUs);
    }
    if (observation.type !== 'coordinator-elected') return;
    const ballot = this.context.health.truth.ballots.numberOf(observation.ballot);
    const dueUs = timeUs + this.context.bounds.announceUs;
    this.#announcements.push({ coordinator: process, ballot, electedUs: timeUs, dueUs });
  }

  finish(timeUs: number): void {
    this.#judgeDue(timeUs);
  }

  /** What fell due before `timeUs`; but what is seen now the truth shows already. */
  #judgeDue(timeUs: number): void {
    while (this.#announcements.length > 0 && this.#announcements[0].dueUs < timeUs) {
      this.#judge(this.#announcements.shift()!);
    }
  }

  #judge({ coordinator, ballot, electedUs, dueUs }: Announcement): void {
    const { inventory, health: { truth }, bounds } = this.context;
    // Who has resigned, or taken a greater one, is followed no more.
    if (bounds.recoveryUs === null || truth.acting(coordinator) !== ballot) return;
    if (this.#losses.mayHaveParted(electedUs)) return;
    for (let manager = 0; manager < inventory.managers; manager += 1) {
      if (truth.ballots.compare(truth.acknowledged(manager), ballot) >= 0) continue;
      if (!this.#steadiness.isSteady(coordinator, manager, electedUs)) continue;
      const who = `${this.process(manager)} does not follow ${this.process(coordinator)}`;
      const lateS = ((dueUs - electedUs) / 1e6).toFixed(1);
      this.break(dueUs, `${who}, which took the role ${lateS} s before`);
    }
  }
}
