import type { Brake, Held } from './gate.js';
import type { Order } from './order.js';

/** Rules that only tell what they would do: one by its own `mode`, or all by one switch. */
export class Observing implements Brake {
  readonly #isOff: boolean;

  /** @param isOff - no rule acts */
  constructor(isOff: boolean) {
    this.#isOff = isOff;
  }

  hold({ rule }: Order): Held | null {
    if (rule.act.observes) return { cause: 'observe', untilUs: Infinity };
    return this.#isOff ? { cause: 'off', untilUs: Infinity } : null;
  }
}
