import type { Brake, Held } from './gate.js';
import { lengthUs, type Remembered } from './memory.js';
import { subjectOf, type ActingRule, type Order, type Subject } from './order.js';
import { Table } from './table.js';

/** `cooldown` of a rule: how long after an action began the next may, on the same subject. */
export class Cooldown implements Brake {
  readonly #begunUs = new Table<ActingRule, Subject, number>();

  hold(order: Order, nowUs: number): Held | null {
    const { cooldownUs } = order.rule.act;
    if (cooldownUs === 0) return null;
    const begunUs = this.#begunUs.get(order.rule, subjectOf(order));
    if (begunUs === undefined || nowUs >= begunUs + cooldownUs) return null;
    return { cause: 'cooldown', untilUs: begunUs + cooldownUs };
  }

  began(order: Order, nowUs: number): void {
    if (order.rule.act.cooldownUs > 0) this.#begunUs.set(order.rule, subjectOf(order), nowUs);
  }

  remember(rule: ActingRule, subject: Subject, nowUs: number): Remembered {
    const begunUs = this.#begunUs.get(rule, subject);
    return begunUs === undefined ? {} : { begunUs: lengthUs(begunUs, nowUs) };
  }

  recall(rule: ActingRule, subject: Subject, { begunUs }: Remembered, nowUs: number): void {
    if (typeof begunUs === 'number') this.#begunUs.set(rule, subject, nowUs - begunUs);
  }

  drop(resource: number): void {
    this.#begunUs.drop(resource);
  }

  clear(): void {
    this.#begunUs.clear();
  }
}
