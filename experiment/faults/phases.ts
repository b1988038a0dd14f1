import type { Observation } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import type { Inventory } from '../inventory.js';

/** Phases of the protocol's work that faults can wait for. */
export const phases = [
  'election', 'rebuild', 'offer', 'answer', 'hand-over', 'action',
] as const;
export type Phase = (typeof phases)[number];

/** A phase that has begun, and who is at it; -1: nobody of that sort. */
export interface Begun {
  readonly phase: Phase;
  /** Its number, for {@link Phases.isOver}. */
  readonly number: number;
  readonly manager: Address;
  readonly host: Address;
}

/**
 * Which phases of the protocol's work begin and end, as is observed: an election, from when a
 * manager becomes its root until somebody takes the role; a rebuild, from then until the model is
 * rebuilt or whoever was at it is out of the role; an offer, from when a manager lists a resource
 * that has none until its agent obeys one; an answer, from then until the coordinator's model shows
 * it; a hand-over, while a manager leaves, or from when another lists what has one until its agent
 * obeys that one; an action, from its start to its end.
 */
export class Phases {
  readonly #inventory: Inventory;
  /** Numbers of those under way, by what they are about. */
  readonly #open = new Map<string, number>();
  readonly #underWay = new Set<number>();
  /** Whom each resource obeys. */
  readonly #obeys = new Map<number, Address>();
  #begun = 0;
  #rebuilding: Address = -1;

  constructor(inventory: Inventory) {
    this.#inventory = inventory;
  }

  isOver(number: number): boolean {
    return !this.#underWay.has(number);
  }

  /** The phase that begins with this observation, if one does. */
  observe(process: Address, observation: Observation): Begun | null {
    switch (observation.type) {
      case 'election-started':
        return this.#begin('election', 'election', process, -1);
      case 'coordinator-elected':
        this.#end('election');
        this.#end('rebuild');
        this.#rebuilding = process;
        return this.#begin('rebuild', 'rebuild', process, -1);
      case 'model-rebuilt':
      case 'coordinator-resigned':
        if (process === this.#rebuilding) this.#end('rebuild');
        return null;
      case 'process-leaving':
        return this.#begin('hand-over', `leave ${process}`, process, -1);
      case 'process-down':
        return this.#gone(process);
      case 'action-started':
        return this.#begin(
          'action', `action ${observation.action}`, process, this.#hostOf(observation.resource),
        );
      case 'action-ended':
        this.#end(`action ${observation.action}`);
        return null;
      default:
        return this.#ofResource(process, observation);
    }
  }

  #ofResource(process: Address, observation: Observation): Begun | null {
    switch (observation.type) {
      case 'listing-added': {
        const { resource } = observation;
        const manager = this.#obeys.get(resource);
        if (manager === process) return null;
        const phase = manager === undefined ? 'offer' : 'hand-over';
        this.#end(`offer ${resource}`);
        return this.#begin(phase, `offer ${resource}`, process, this.#hostOf(resource));
      }
      case 'pointer-set': {
        const { resource, manager } = observation;
        this.#obeys.set(resource, manager);
        this.#end(`offer ${resource}`);
        this.#end(`answer ${resource}`);
        return this.#begin('answer', `answer ${resource}`, manager, process);
      }
      case 'pointer-lost':
        this.#obeys.delete(observation.resource);
        this.#end(`answer ${observation.resource}`);
        return null;
      case 'model-entity': {
        const { resource, manager } = observation;
        if (this.#obeys.get(resource) === manager) this.#end(`answer ${resource}`);
        return null;
      }
      default:
        return null;
    }
  }

  /** One that is under way goes on, with its number. */
  #begin(phase: Phase, what: string, manager: Address, host: Address): Begun {
    let number = this.#open.get(what);
    if (number === undefined) {
      number = this.#begun;
      this.#begun += 1;
      this.#open.set(what, number);
      this.#underWay.add(number);
    }
    return { phase, number, manager, host };
  }

  #end(what: string): void {
    const number = this.#open.get(what);
    if (number === undefined) return;
    this.#open.delete(what);
    this.#underWay.delete(number);
  }

  #gone(process: Address): null {
    if (process === this.#rebuilding) this.#end('rebuild');
    this.#end(`leave ${process}`);
    for (const resource of this.#inventory.resourcesOf(process)) {
      this.#obeys.delete(resource);
      this.#end(`answer ${resource}`);
    }
    return null;
  }

  #hostOf(resource: number): Address {
    return this.#inventory.agentOf[resource];
  }
}
