/**
 * Registers resources in the inventory for the coordinator, and answers their agents once the disk
 * and all standbys have it: from then on no resource is forgotten.
 */
import type { Registered } from '../metamodel/inventory.js';
import type { Address } from '../process.js';
import type { Authority } from './authority.js';
import type { Copies } from './copies.js';
import type { ResourceEnrol, ResourceEnrolled } from './inventory-messages.js';
import type { CoordinationMessage } from './messages.js';

type Answer = ResourceEnrolled['entries'][number];

/** An agent that is to be answered once that version is safe. */
interface Waiting {
  readonly agent: Address;
  readonly version: number;
}

export interface EnrolmentsOptions {
  readonly copies: Copies;
  readonly authority: Authority;
  send(to: Address, message: CoordinationMessage): void;
}

export class Enrolments {
  readonly #options: EnrolmentsOptions;
  /** By resource, in the order of their versions. */
  readonly #waiting = new Map<number, Waiting>();
  #confirmed = 0;

  constructor(options: EnrolmentsOptions) {
    this.#options = options;
  }

  /** The version up to which agents have been told that everything is safe. */
  get confirmed(): number {
    return this.#confirmed;
  }

  /** Its agent has not asked: it is told all the same. */
  tell(resource: number, agent: Address): void {
    this.#waiting.delete(resource);
    this.#waiting.set(resource, { agent, version: this.#options.copies.inventory.version });
  }

  /** @returns what was decommissioned, of that which the agent asked for */
  onEnrol({ agent, entries }: ResourceEnrol): number[] {
    const { copies, authority } = this.#options;
    const { inventory } = copies;
    const refused: Answer[] = [];
    for (const { number, ...entry } of entries) {
      const { resource } = entry;
      const held = inventory.entry(resource);
      if (held !== null && held.agent !== agent) {
        refused.push({ resource, number: held.number, standing: 'taken' });
      } else if (held === null && number !== null && inventory.passes(number)) {
        refused.push({ resource, number, standing: 'decommissioned' });
      } else if (held !== null && entry.incarnation < held.incarnation) {
        refused.push({ resource, number: held.number, standing: 'gone-back' });
      } else {
        // A number of which nothing is known here: all copies of that time are lost.
        if (held === null && number !== null) inventory.enter({ ...entry, agent, number });
        else if (held === null) inventory.register({ ...entry, agent }, authority.ballot);
        this.tell(resource, agent);
      }
    }
    copies.save();
    if (refused.length > 0) this.#answer(agent, refused);
    this.answer();
    return refused.filter(({ standing }) => standing === 'decommissioned')
      .map(({ resource }) => resource);
  }

  /** Its agent, if it can hear, speaks for it no longer. */
  dismiss({ resource, agent, number }: Registered): void {
    this.#waiting.delete(resource);
    this.#answer(agent, [{ resource, number, standing: 'decommissioned' }]);
  }

  /** Its agent is to ask once more. */
  ask(agent: Address, resources: readonly number[]): void {
    const number = { ballot: this.#options.authority.ballot, sequence: 0 };
    this.#answer(agent, resources.map((resource) => ({ resource, number, standing: 'unknown' })));
  }

  /** Answers whom it can. */
  answer(): void {
    if (this.#waiting.size === 0) return;
    const { inventory, heldByAll } = this.#options.copies;
    const answers = new Map<Address, Answer[]>();
    for (const [resource, { agent, version }] of this.#waiting) {
      // All that follow have later ones; thousands may wait at a start.
      if (version > heldByAll) break;
      this.#waiting.delete(resource);
      this.#confirmed = Math.max(this.#confirmed, version);
      const number = inventory.number(resource);
      if (number === null) continue;
      const some = answers.get(agent) ?? [];
      some.push({ resource, number, standing: 'registered' });
      answers.set(agent, some);
    }
    for (const [agent, some] of answers) this.#answer(agent, some);
  }

  #answer(agent: Address, entries: readonly Answer[]): void {
    const { authority: { ballot } } = this.#options;
    this.#options.send(agent, { type: 'resource-enrolled', ballot, entries });
  }
}
