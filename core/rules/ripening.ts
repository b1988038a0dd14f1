import { lengthUs, type Remembered } from './memory.js';
import type { Rule } from './rule-set.js';
import { Table } from './table.js';

interface Ripe<Key> {
  readonly key: Key;
  /** Of another occasion the time begins anew. */
  readonly occasion: number;
  readonly dueUs: number;
}

/**
 * Conditions that hold, but not yet for as long as their rules ask (`for`), and notices that have
 * to wait since the last one was given (`cooldown`). `Key`: what a rule can hold for.
 */
export class Ripening<Key> {
  readonly #waiting = new Table<Rule, Key, Ripe<Key>>();
  readonly #givenUs = new Table<Rule, Key, number>();
  /** Nothing is ripe before. */
  #nextUs = Infinity;

  /** Nothing of the rule's has to wait. */
  static isIdle({ forUs, act }: Rule): boolean {
    return forUs === 0 && (act.verb !== 'notify' || act.cooldownUs === 0);
  }

  /** The condition holds: whether the rule fires now. */
  isRipe(rule: Rule, key: Key, occasion: number, nowUs: number): boolean {
    const cooldownUs = rule.act.verb === 'notify' ? rule.act.cooldownUs : 0;
    if (Ripening.isIdle(rule)) return true;
    const waiting = this.#waiting.get(rule, key);
    const givenUs = this.#givenUs.get(rule, key) ?? -Infinity;
    const dueUs = waiting?.occasion === occasion
      ? waiting.dueUs : Math.max(nowUs + rule.forUs, givenUs + cooldownUs);
    if (nowUs < dueUs) {
      this.#waiting.set(rule, key, { key, occasion, dueUs });
      this.#nextUs = Math.min(this.#nextUs, dueUs);
      return false;
    }
    this.#waiting.delete(rule, key);
    if (cooldownUs > 0) this.#givenUs.set(rule, key, nowUs);
    return true;
  }

  /** Whether it would be ripe if it still holds. */
  isDue(rule: Rule, key: Key, nowUs: number): boolean {
    const waiting = this.#waiting.get(rule, key);
    return waiting !== undefined && nowUs >= waiting.dueUs;
  }

  /** The condition holds no more; whether it was waited for. */
  ceased(rule: Rule, key: Key): boolean {
    return this.#waiting.delete(rule, key);
  }

  /** False: nothing is ripe now. */
  isAnyDue(nowUs: number): boolean {
    return nowUs >= this.#nextUs;
  }

  /** What is to be looked at now. */
  due(nowUs: number): readonly Key[] {
    if (nowUs < this.#nextUs) return [];
    this.#nextUs = Infinity;
    const keys = new Set<Key>();
    for (const { key, dueUs } of this.#waiting.values()) {
      if (dueUs <= nowUs) keys.add(key);
      else this.#nextUs = Math.min(this.#nextUs, dueUs);
    }
    return [...keys];
  }

  remember(rule: Rule, key: Key, nowUs: number): Remembered {
    const waiting = this.#waiting.get(rule, key);
    const givenUs = this.#givenUs.get(rule, key);
    return {
      ...(waiting && { ripening: {
        occasion: waiting.occasion, leftUs: lengthUs(nowUs, waiting.dueUs),
      } }),
      ...(givenUs !== undefined && { givenUs: lengthUs(givenUs, nowUs) }),
    };
  }

  recall(rule: Rule, key: Key, { ripening, givenUs }: Remembered, nowUs: number): void {
    if (Ripening.isIdle(rule)) return;
    if (typeof givenUs === 'number') this.#givenUs.set(rule, key, nowUs - givenUs);
    if (ripening === null || ripening === undefined) return;
    const dueUs = nowUs + Math.min(ripening.leftUs, waitOf(rule));
    this.#waiting.set(rule, key, { key, occasion: ripening.occasion, dueUs });
    this.#nextUs = Math.min(this.#nextUs, dueUs);
  }

  drop(key: Key): void {
    this.#waiting.drop(key);
    this.#givenUs.drop(key);
  }

  clear(): void {
    this.#waiting.clear();
    this.#givenUs.clear();
    this.#nextUs = Infinity;
  }
}

/** It can have to wait no longer. */
function waitOf({ forUs, act }: Rule): number {
  return Math.max(forUs, act.verb === 'notify' ? act.cooldownUs : 0);
}
