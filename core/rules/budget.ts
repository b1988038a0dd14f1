import { isSilent, type Descriptor, type Entity } from '../metamodel/entity.js';
import type { Verb } from '../process.js';
import { effects } from '../verbs/index.js';
import type { BrakeSettings, Over } from './brake-settings.js';
import type { Brake, GateOutlets, Held, Places } from './gate.js';
import type { Order } from './order.js';
import type { PermitReturn } from './permit-messages.js';
import { placeOf } from './silence.js';
import { Window } from './window.js';

const everywhere = 'run';

function whereOf(over: Over, of: Descriptor | undefined): string | undefined {
  if (over === 'run') return everywhere;
  return of && placeOf(over, of);
}

/** `atMost` and `per`: so many actions in any window of time, over all rules. */
export class Budget implements Brake {
  readonly #over: Over;
  readonly #of: readonly Verb[];
  readonly #budget: { readonly atMost: number; readonly perUs: number };
  readonly #outlets: GateOutlets;
  readonly #unknownFromUs: number | null;
  readonly #windows = new Map<string, Window>();
  readonly places: Places;

  /**
   * @param brake - which of the scenario's it is
   * @param unknownFromUs - others may have acted until then; null: nobody has, or it will be told
   */
  constructor(
    { over, of }: BrakeSettings, budget: { readonly atMost: number; readonly perUs: number },
    outlets: GateOutlets, unknownFromUs: number | null, brake = 0,
  ) {
    this.places = {
      brake,
      remember: (nowUs) => this.#remember(nowUs),
      recall: (memory, nowUs) =>
        this.#windowAt(memory.place).recall(memory, nowUs, memory.lentUs),
    };
    this.#over = over;
    this.#of = of;
    this.#budget = budget;
    this.#outlets = outlets;
    this.#unknownFromUs = unknownFromUs;
  }

  hold(order: Order, nowUs: number): Held | null {
    const untilUs = this.#windowOf(order)?.fullUntilUs(nowUs) ?? null;
    return untilUs === null ? null : { cause: 'budget', untilUs, elsewhere: true };
  }

  began(order: Order): void {
    this.#windowOf(order)?.began();
  }

  ended(order: Order): void {
    this.#windowOf(order)?.ended(this.#outlets.now());
  }

  lend(order: Order, untilUs: number): void {
    this.#windowOf(order)?.lend(untilUs);
  }

  lentBack(order: Order, untilUs: number, end: PermitReturn['end'], nowUs: number): void {
    this.#windowOf(order)?.lentBack(untilUs, end === 'unused' ? null : nowUs);
  }

  clear(): void {
    this.#windows.clear();
  }

  #windowOf({ rule, resource }: Order): Window | undefined {
    if (!this.#of.includes(rule.act.verb)) return undefined;
    const where = whereOf(this.#over, this.#outlets.descriptor(resource));
    return where === undefined ? undefined : this.#windowAt(where);
  }

  #windowAt(where: string): Window {
    let window = this.#windows.get(where);
    if (window === undefined) {
      const { atMost, perUs } = this.#budget;
      const unknownUs = this.#unknownFromUs === null ? 0 : this.#unknownFromUs + perUs;
      window = new Window(atMost, perUs, unknownUs);
      this.#windows.set(where, window);
    }
    return window;
  }

  #remember(nowUs: number): ReturnType<Places['remember']> {
    return Array.from(this.#windows, ([place, window]) =>
      ({ place, ...window.remember(nowUs), lentUs: window.lentUs(nowUs) }))
      .filter(({ underWay, endedUs, lentUs }) => underWay + endedUs.length + lentUs.length > 0);
  }
}

/** As what and where a resource is counted. */
interface Counted {
  readonly where: string;
  readonly state: Entity['state'];
}

/** `halt`: nothing begins where too much is down, or cannot be reached. */
export class Halt implements Brake {
  readonly #over: Over;
  readonly #of: readonly Verb[];
  readonly #share: number;
  readonly #outlets: GateOutlets;
  /** By place: what should be up, and what of that is down. */
  readonly #counts = new Map<string, { wanted: number; down: number }>();
  /** By resource. */
  readonly #counted = new Map<number, Counted>();

  constructor({ over, of }: BrakeSettings, share: number, outlets: GateOutlets) {
    this.#over = over;
    this.#of = of;
    this.#share = share;
    this.#outlets = outlets;
  }

  update({ resource, descriptor, state }: Entity): void {
    const counted = this.#counted.get(resource);
    if (counted?.state === state) return;
    const where = counted?.where ?? whereOf(this.#over, descriptor);
    if (where === undefined) return;
    if (counted !== undefined) this.#count(where, counted.state, -1);
    this.#count(where, state, 1);
    this.#counted.set(resource, { where, state });
  }

  forget(resource: number): void {
    const counted = this.#counted.get(resource);
    if (counted === undefined) return;
    this.#counted.delete(resource);
    this.#count(counted.where, counted.state, -1);
  }

  #count(where: string, state: Entity['state'], by: 1 | -1): void {
    let counts = this.#counts.get(where);
    if (counts === undefined) this.#counts.set(where, counts = { wanted: 0, down: 0 });
    // Off on purpose: it is not missed.
    if (state !== 'stopped') counts.wanted += by;
    if (isSilent(state)) counts.down += by;
  }

  hold({ rule, resource }: Order, nowUs: number): Held | null {
    if (!this.#of.includes(rule.act.verb)) return null;
    const where = whereOf(this.#over, this.#outlets.descriptor(resource));
    const counts = where === undefined ? undefined : this.#counts.get(where);
    if (counts === undefined || counts.down <= this.#share * counts.wanted) return null;
    return { cause: 'halt', untilUs: nowUs + 1, elsewhere: true };
  }

  clear(): void {
    this.#counts.clear();
    this.#counted.clear();
  }
}

/** One that is unavailable by our own doing. */
interface Taken {
  /** It counts until then at least: it may be interrupted at any time. */
  readonly untilUs: number;
  /** As it was last seen. */
  serves: boolean;
  /** Its manager has said that it was interrupted: it counts until it is seen. */
  isOver?: boolean;
}

function isInterrupted({ rule }: Order, end: string): boolean {
  return end === 'succeeded' && effects[rule.act.verb].interrupts === true;
}

/**
 * `unavailable`: so many members of a place may be down at a time because rules stopped or
 * restarted them. What interrupts counts until its target serves again, or has crashed by itself.
 */
export class Unavailable implements Brake {
  readonly #over: Over;
  readonly #of: readonly Verb[];
  readonly #atMost: number;
  readonly #outlets: GateOutlets;
  /** By place. */
  readonly #taken = new Map<string, Map<number, Taken>>();
  readonly places: Places;

  /**
   * @param brake - which of the scenario's it is
   * @param lentForUs - so long managers may have carried out what was permitted them
   */
  constructor(
    { over, of }: BrakeSettings, atMost: number, outlets: GateOutlets, brake = 0, lentForUs = 0,
  ) {
    this.places = {
      brake,
      remember: () => this.#remember(),
      // Of what was under way nobody hears the end: it counts until the target is seen.
      recall: ({ place, taken }, nowUs) => {
        const untilUs = lentForUs === 0 ? 0 : nowUs + lentForUs;
        const all = taken.map((one): [number, Taken] => [one, { untilUs, serves: false }]);
        this.#taken.set(place, new Map(all));
      },
    };
    this.#over = over;
    this.#of = of;
    this.#atMost = atMost;
    this.#outlets = outlets;
  }

  hold(order: Order, nowUs: number): Held | null {
    const taken = this.#takenAt(order);
    if (taken === undefined || taken.size < this.#atMost) return null;
    for (const [resource, { untilUs, serves }] of taken) {
      if (serves && untilUs <= nowUs) taken.delete(resource);
    }
    if (taken.size < this.#atMost) return null;
    return { cause: 'unavailable', untilUs: nowUs + 1, elsewhere: true };
  }

  began(order: Order): void {
    this.#takenAt(order)?.set(order.resource, { untilUs: Infinity, serves: false });
  }

  ended(order: Order, end: string): void {
    const taken = this.#takenAt(order);
    if (taken?.has(order.resource) !== true) return;
    if (isInterrupted(order, end)) taken.set(order.resource, { untilUs: 0, serves: false });
    else taken.delete(order.resource);
  }

  lend(order: Order, untilUs: number): void {
    this.#takenAt(order)?.set(order.resource, { untilUs, serves: true });
  }

  lentBack(order: Order, untilUs: number, end: PermitReturn['end']): void {
    const taken = this.#takenAt(order);
    const own = taken?.get(order.resource);
    if (own?.untilUs !== untilUs) return;
    // It has been seen already, or it will be; of what was seen before nothing more may come.
    if (isInterrupted(order, end)) own.isOver = true;
    else taken!.delete(order.resource);
  }

  forget(resource: number): void {
    for (const taken of this.#taken.values()) taken.delete(resource);
  }

  update({ resource, descriptor, state }: Entity): void {
    const where = whereOf(this.#over, descriptor);
    const taken = where === undefined ? undefined : this.#taken.get(where);
    const own = taken?.get(resource);
    if (own === undefined) return;
    own.serves = state !== 'starting';
    const isOver = own.isOver === true || own.untilUs === 0;
    if (isOver && own.serves) taken!.delete(resource);
  }

  clear(): void {
    this.#taken.clear();
  }

  #remember(): ReturnType<Places['remember']> {
    return Array.from(this.#taken, ([place, taken]) => ({ place, taken: [...taken.keys()] }))
      .filter(({ taken }) => taken.length > 0);
  }

  #takenAt({ rule, resource }: Order): Map<number, Taken> | undefined {
    if (!this.#of.includes(rule.act.verb)) return undefined;
    const where = whereOf(this.#over, this.#outlets.descriptor(resource));
    if (where === undefined) return undefined;
    let taken = this.#taken.get(where);
    if (taken === undefined) this.#taken.set(where, taken = new Map());
    return taken;
  }
}
