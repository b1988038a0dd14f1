import type { Brake, GateOutlets, Held } from './gate.js';
import type { Order } from './order.js';

/** Nothing is sent to a host that is known to be dead: it waits until the host is heard again. */
export class DeadHosts implements Brake {
  readonly #outlets: GateOutlets;

  constructor(outlets: GateOutlets) {
    this.#outlets = outlets;
  }

  hold({ resource }: Order, nowUs: number): Held | null {
    if (this.#outlets.isHostUp?.(resource) !== false) return null;
    return { cause: 'host', untilUs: nowUs + 1, elsewhere: true };
  }
}
