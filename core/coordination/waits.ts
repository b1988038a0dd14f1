/**
 * Managers that balancing leaves alone for a time: one that comes and goes gets resources back
 * after a wait that grows each time, and so does one to which moves come to nothing, as it may
 * not hear what it is told. Else each return, or each try, would move its whole share again.
 */
import type { CoreConfig } from './config.js';
import type { Address } from '../process.js';

/** Waits grow to so many times the first, no further. */
const mostGrown = 64;
/** A manager that was in for so many first waits beyond its own has come to stay. */
const staysAfter = 8;

interface Grown {
  count: number;
  /** Since when it has been back; Infinity: it is not. */
  sinceUs: number;
  untilUs: number;
}

/** The first wait. */
function firstUs({ managers }: CoreConfig): number {
  return 4 * managers.timeoutUs;
}

export class Waits {
  readonly #firstUs: number;
  /** Who went before. The first return after a long time waits for nothing. */
  readonly #lapses = new Map<Address, Grown>();
  /** To whom moves came to nothing, and none has come about since. */
  readonly #failures = new Map<Address, Grown>();

  constructor(config: CoreConfig) {
    this.#firstUs = firstUs(config);
  }

  /** It has gone, or was taken for dead. */
  lapsed(manager: Address, nowUs: number): void {
    const before = this.#lapses.get(manager);
    const hasStayed = before !== undefined &&
      nowUs - before.untilUs > staysAfter * this.#firstUs;
    const count = before === undefined || hasStayed ? 1 : before.count + 1;
    this.#lapses.set(manager, { count, sinceUs: Infinity, untilUs: Infinity });
  }

  /** It is back, or in for the first time. */
  returned(manager: Address, nowUs: number): void {
    const lapse = this.#lapses.get(manager);
    if (lapse === undefined) return;
    lapse.sinceUs = nowUs;
    lapse.untilUs = nowUs + this.#lengthUs(lapse.count - 1);
  }

  /** It lives anew, and may not have been missed meanwhile. */
  livesAnew(manager: Address, nowUs: number): void {
    if (this.#lapses.get(manager)?.sinceUs === nowUs) return;
    this.lapsed(manager, nowUs);
    this.returned(manager, nowUs);
  }

  /** What was to move there for balance has not come about in time. */
  failed(manager: Address, nowUs: number): void {
    const before = this.#failures.get(manager);
    // Those that were under way together fail together.
    if (before !== undefined && nowUs < before.untilUs) return;
    const count = 1 + (before?.count ?? 0);
    const untilUs = nowUs + this.#lengthUs(count);
    this.#failures.set(manager, { count, sinceUs: nowUs, untilUs });
  }

  /** Something has moved there. */
  succeeded(manager: Address): void {
    this.#failures.delete(manager);
  }

  has(manager: Address, nowUs: number): boolean {
    return [this.#lapses, this.#failures].some((grown) =>
      nowUs < (grown.get(manager)?.untilUs ?? 0));
  }

  #lengthUs(count: number): number {
    let grown = Math.min(count, 1);
    for (let times = 1; times < count && grown < mostGrown; times += 1) grown *= 2;
    return this.#firstUs * Math.min(mostGrown, grown);
  }
}
