/**
 * A coordinator's side of permits: what it grants counts in its windows from then on, until its
 * manager says that it is done or, if that is never heard, for as long as it may be carried out.
 */
import type { Address } from '../process.js';
import type { ActionSettings } from './action-settings.js';
import { lentForUs, soonestUs } from './deadline.js';
import type { Brake, GateOutlets } from './gate.js';
import type { ActingRule, Order } from './order.js';
import {
  sharedCauses, type PermitAnswer, type PermitReturn, type PermitWish,
} from './permit-messages.js';

interface Grant {
  readonly order: Order;
  readonly untilUs: number;
  /** Its manager is done with it. */
  isOver: boolean;
}

export class Grants {
  readonly #rules: ReadonlyMap<string, ActingRule>;
  readonly #brakes: readonly Brake[];
  readonly #settings: ActionSettings;
  readonly #outlets: GateOutlets;
  /** By manager and number, those that end first first: all are lent for equally long. */
  readonly #grants = new Map<string, Grant>();

  /** @param brakes - those of the scenario */
  constructor(
    rules: ReadonlyMap<string, ActingRule>, brakes: readonly Brake[], settings: ActionSettings,
    outlets: GateOutlets,
  ) {
    this.#rules = rules;
    this.#brakes = brakes;
    this.#settings = settings;
    this.#outlets = outlets;
  }

  /** Null: it cannot be told, and the manager asks again. */
  ask(from: Address, { number, resource, rule: name }: PermitWish): PermitAnswer | null {
    const nowUs = this.#outlets.now();
    this.#forgetOld(nowUs);
    const key = `${from}/${number}`;
    const granted = this.#grants.get(key);
    if (granted !== undefined) return granted.isOver ? null : { number, heldBy: null, waitUs: 0 };
    const rule = this.#rules.get(name);
    // What it does not know it cannot count by its place.
    if (rule === undefined || this.#outlets.descriptor(resource) === undefined) return null;
    const order: Order = { rule, resource, incarnation: 0, group: null };
    for (const brake of this.#brakes) {
      const held = brake.hold(order, nowUs);
      if (held === null) continue;
      const heldBy = sharedCauses.find((one) => one === held.cause)!;
      const waitUs = Math.round(Math.max(held.untilUs - nowUs, soonestUs(this.#settings)));
      return { number, heldBy, waitUs };
    }
    const untilUs = nowUs + lentForUs(this.#settings);
    for (const brake of this.#brakes) brake.lend?.(order, untilUs);
    this.#grants.set(key, { order, untilUs, isOver: false });
    return { number, heldBy: null, waitUs: 0 };
  }

  /** Whether it was there to be given back. */
  returned(from: Address, { number, end }: PermitReturn): boolean {
    const grant = this.#grants.get(`${from}/${number}`);
    if (grant === undefined || grant.isOver) return false;
    grant.isOver = true;
    const nowUs = this.#outlets.now();
    for (const brake of this.#brakes) brake.lentBack?.(grant.order, grant.untilUs, end, nowUs);
    return true;
  }

  clear(): void {
    this.#grants.clear();
  }

  #forgetOld(nowUs: number): void {
    for (const [key, { untilUs }] of this.#grants) {
      if (untilUs > nowUs) return;
      this.#grants.delete(key);
    }
  }
}
