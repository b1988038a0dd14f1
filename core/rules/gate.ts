/** Whether an order is carried out: each brake is asked, and what is held back is told. */
import type { Descriptor, Entity, ResourceState } from '../metamodel/entity.js';
import type { ActionEnd, CoreObservation, HoldCause } from '../observations.js';
import { subjectOf, type ActingRule, type Order, type Subject } from './order.js';
import type { PlaceMemory, Remembered } from './memory.js';
import type { PermitReturn } from './permit-messages.js';
import { Table } from './table.js';

/** Why an order is held back, and when to ask again: later than now, or never. */
export interface Held {
  readonly cause: HoldCause;
  readonly untilUs: number;
  /** It is for where the resource is: another one may do. */
  readonly elsewhere?: true;
  /** It is about to be told whether it may begin: nothing has been held back yet. */
  readonly isQuiet?: boolean;
}

/** Something that may hold orders back; a kind of brake is a file. */
export interface Brake {
  /** Null: it may begin, as far as this brake is concerned. */
  hold(order: Order, nowUs: number): Held | null;
  /** It begins: no brake holds it. */
  began?(order: Order, nowUs: number): void;
  ended?(order: Order, end: ActionEnd): void;
  /** Whether what has begun may still be carried out. */
  lasts?(order: Order): boolean;
  /** A manager may have it carried out until then, and gives that back sooner if it can. */
  lend?(order: Order, untilUs: number): void;
  lentBack?(order: Order, untilUs: number, end: PermitReturn['end'], nowUs: number): void;
  /** The rule's condition holds there no more. */
  ceased?(rule: ActingRule, subject: Subject): void;
  /** The model has an entity that is new or changed. */
  update?(entity: Entity): void;
  /** The owner sees the resource so. */
  showed?(resource: number, state: ResourceState, incarnation: number): void;
  /** The model has it no more. */
  forget?(resource: number): void;
  /** What it knows of the subject, and by another's telling is to know. */
  remember?(rule: ActingRule, subject: Subject, nowUs: number): Remembered;
  recall?(rule: ActingRule, subject: Subject, memory: Remembered, nowUs: number): void;
  /** The same of a brake of the scenario, by places. */
  readonly places?: Places;
  /** The resource is somebody else's business from now on. */
  drop?(resource: number): void;
  clear?(): void;
}

/** What a brake of the scenario has counted, by places. */
export interface Places {
  /** Which of the scenario's brakes. */
  readonly brake: number;
  remember(nowUs: number): (Partial<PlaceMemory> & Pick<PlaceMemory, 'place'>)[];
  recall(memory: PlaceMemory, nowUs: number): void;
}

/** What brakes need of who enforces the rules. */
export interface GateOutlets {
  observe(observation: CoreObservation): void;
  now(): number;
  /** What is known of a resource that never changes. */
  descriptor(resource: number): Descriptor | undefined;
  /** False: its host is known to be dead. Left out: nothing is known of hosts. */
  isHostUp?(resource: number): boolean;
}

export class Gate {
  readonly #outlets: GateOutlets;
  readonly #brakes: readonly Brake[];
  /** Why the latest wish was held back, so that each is told once. */
  readonly #told = new Table<ActingRule, Subject, HoldCause>();

  constructor(outlets: GateOutlets, brakes: readonly Brake[]) {
    this.#outlets = outlets;
    this.#brakes = brakes;
  }

  /** Null: the order begins now. */
  admit(order: Order, nowUs: number): Held | null {
    for (const brake of this.#brakes) {
      const held = brake.hold(order, nowUs);
      if (held === null) continue;
      if (held.isQuiet !== true) this.#tell(order, held);
      return held;
    }
    this.#told.delete(order.rule, subjectOf(order));
    for (const brake of this.#brakes) brake.began?.(order, nowUs);
    return null;
  }

  ended(order: Order, end: ActionEnd): void {
    for (const brake of this.#brakes) brake.ended?.(order, end);
  }

  lasts(order: Order): boolean {
    return this.#brakes.every((brake) => brake.lasts?.(order) ?? true);
  }

  /** The condition holds no more: the next wish is another. */
  ceased(rule: ActingRule, subject: Subject): void {
    this.#told.delete(rule, subject);
    for (const brake of this.#brakes) brake.ceased?.(rule, subject);
  }

  update(entity: Entity): void {
    for (const brake of this.#brakes) brake.update?.(entity);
    this.showed(entity);
  }

  showed({ resource, state, incarnation }: Entity): void {
    for (const brake of this.#brakes) brake.showed?.(resource, state, incarnation);
  }

  forget(resource: number): void {
    for (const brake of this.#brakes) brake.forget?.(resource);
  }

  remember(rule: ActingRule, subject: Subject, nowUs: number): Remembered[] {
    return this.#brakes.map((brake) => brake.remember?.(rule, subject, nowUs) ?? {});
  }

  recall(rule: ActingRule, subject: Subject, memory: Remembered, nowUs: number): void {
    for (const brake of this.#brakes) brake.recall?.(rule, subject, memory, nowUs);
  }

  rememberPlaces(nowUs: number): PlaceMemory[] {
    return this.#brakes.flatMap(({ places }) => places === undefined ? [] :
      places.remember(nowUs).map((told) =>
        ({ underWay: 0, endedUs: [], lentUs: [], taken: [], ...told, brake: places.brake })));
  }

  recallPlaces(memories: readonly PlaceMemory[], nowUs: number): void {
    for (const memory of memories) {
      for (const { places } of this.#brakes) {
        if (places?.brake === memory.brake) places.recall(memory, nowUs);
      }
    }
  }

  drop(resource: number): void {
    this.#told.drop(resource);
    for (const brake of this.#brakes) brake.drop?.(resource);
  }

  clear(): void {
    this.#told.clear();
    for (const brake of this.#brakes) brake.clear?.();
  }

  #tell(order: Order, { cause }: Held): void {
    const { rule, resource } = order;
    const subject = subjectOf(order);
    if (this.#told.get(rule, subject) === cause) return;
    this.#told.set(rule, subject, cause);
    this.#outlets.observe({
      type: 'action-held', rule: rule.name, verb: rule.act.verb, cause,
      target: targetOf(order, this.#outlets), resource,
    });
  }
}

/** The group, or the name of the resource. */
export function targetOf({ group, resource }: Order, outlets: GateOutlets): string {
  return group ?? outlets.descriptor(resource)?.name ?? `resource ${resource}`;
}
