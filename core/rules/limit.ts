import { targetOf, type Brake, type GateOutlets, type Held } from './gate.js';
import { subjectOf, type ActingRule, type Order, type Subject } from './order.js';
import { lengthUs, type Remembered } from './memory.js';
import type { Limit } from './rule-set.js';
import { Table } from './table.js';
import { Window } from './window.js';

interface Count {
  readonly window: Window;
  /** Null: it has not given up. */
  gaveUpUs: number | null;
  /** Since when the condition has not held, if it has ceased to since then. */
  wellUs: number | null;
}

/** `limit` of a rule: at most so many actions in so long a time on the same subject. */
export class Limits implements Brake {
  readonly #outlets: GateOutlets;
  /** From when on it is certain that nobody else has acted for the same rule before. */
  readonly #unknownFromUs: number | null;
  readonly #counts = new Table<ActingRule, Subject, Count>();

  /** @param unknownFromUs - others may have acted until then; null: nobody has */
  constructor(outlets: GateOutlets, unknownFromUs: number | null) {
    this.#outlets = outlets;
    this.#unknownFromUs = unknownFromUs;
  }

  hold(order: Order, nowUs: number): Held | null {
    const { limit } = order.rule.act;
    if (limit === null) return null;
    const count = this.#countOf(order.rule, subjectOf(order), limit);
    if (count.gaveUpUs !== null) {
      if (!isOver(count, limit, nowUs)) {
        count.wellUs = null;
        return { cause: 'given-up', untilUs: count.gaveUpUs + limit.resetUs };
      }
      count.gaveUpUs = null;
      count.window.reset();
      this.#tell('rule-resumed', order);
    }
    const untilUs = count.window.fullUntilUs(nowUs);
    if (untilUs === null) return null;
    if (!limit.giveUp || count.window.isUnknown(nowUs)) return { cause: 'limit', untilUs };
    count.gaveUpUs = nowUs;
    count.wellUs = null;
    this.#tell('rule-gave-up', order);
    return { cause: 'given-up', untilUs: nowUs + limit.resetUs };
  }

  began(order: Order): void {
    this.#counts.get(order.rule, subjectOf(order))?.window.began();
  }

  ended(order: Order): void {
    this.#counts.get(order.rule, subjectOf(order))?.window.ended(this.#outlets.now());
  }

  ceased(rule: ActingRule, subject: Subject): void {
    const count = this.#counts.get(rule, subject);
    if (count !== undefined) count.wellUs = this.#outlets.now();
  }

  drop(resource: number): void {
    this.#counts.drop(resource);
  }

  clear(): void {
    this.#counts.clear();
  }

  remember(rule: ActingRule, subject: Subject, nowUs: number): Remembered {
    const count = this.#counts.get(rule, subject);
    if (count === undefined) return {};
    const { window, gaveUpUs, wellUs } = count;
    const ageUs = (atUs: number | null): number | null =>
      atUs === null ? null : lengthUs(atUs, nowUs);
    const limit = {
      ...window.remember(nowUs), gaveUpUs: ageUs(gaveUpUs), wellUs: ageUs(wellUs),
    };
    return { limit };
  }

  recall(rule: ActingRule, subject: Subject, { limit: told }: Remembered, nowUs: number): void {
    const { limit } = rule.act;
    if (limit === null || told === null || told === undefined) return;
    const count = this.#countOf(rule, subject, limit);
    count.window.recall(told, nowUs);
    count.gaveUpUs = told.gaveUpUs === null ? null : nowUs - told.gaveUpUs;
    count.wellUs = told.wellUs === null ? null : nowUs - told.wellUs;
  }

  #countOf(rule: ActingRule, subject: Subject, { atMost, perUs }: Limit): Count {
    let count = this.#counts.get(rule, subject);
    if (count === undefined) {
      const unknownUs = this.#unknownFromUs === null ? 0 : this.#unknownFromUs + perUs;
      count = { window: new Window(atMost, perUs, unknownUs), gaveUpUs: null, wellUs: null };
      this.#counts.set(rule, subject, count);
    }
    return count;
  }

  #tell(type: 'rule-gave-up' | 'rule-resumed', order: Order): void {
    const target = targetOf(order, this.#outlets);
    this.#outlets.observe({ type, rule: order.rule.name, target });
  }
}

/** Somebody has put it right, as it seems, or it is time to try again. */
function isOver({ gaveUpUs, wellUs }: Count, { perUs, resetUs }: Limit, nowUs: number): boolean {
  return nowUs >= gaveUpUs! + resetUs || (wellUs !== null && nowUs >= wellUs + perUs);
}
