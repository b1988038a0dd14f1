/**
 * A manager's side of the scenario's brakes: an action of a local rule that one of them counts
 * begins only when the coordinator permits it, and goes on only as long as that holds.
 */
import { outcomes } from '../identity.js';
import type { ActionEnd } from '../observations.js';
import type { BrakeSettings } from './brake-settings.js';
import type { ActionSettings } from './action-settings.js';
import { answerWithinUs, permittedWithinUs } from './deadline.js';
import type { Brake, Held } from './gate.js';
import type { ActingRule, Order } from './order.js';
import type { PermitAnswer, PermitReturn, PermitWish } from './permit-messages.js';
import { Table } from './table.js';
import type { RuleSet } from './rule-set.js';

/** Rules that only the coordinator's permits let act, by name. */
export function permittedRules(
  { rules }: RuleSet, brakes: readonly BrakeSettings[] = [],
): ReadonlyMap<string, ActingRule> {
  const counted = new Set(brakes.flatMap(({ of }) => of));
  const some = rules.filter(({ scope, act }) =>
    scope === 'local' && act.verb !== 'notify' && !act.observes && counted.has(act.verb));
  return new Map(some.map((rule) => [rule.name, rule as ActingRule]));
}

export interface PermitOutlets {
  now(): number;
  /** What the clock shows, which goes on while this process stands still. */
  clock(): number;
  /** There is something to be {@link Permits.take taken}. */
  asking(): void;
}

interface Wish {
  readonly number: number;
  readonly order: Order;
  readonly askedUs: number;
  /** By the clock. */
  readonly sentUs: number;
  /** Null: there is no answer yet. */
  answer: 'granted' | Held | null;
}

/** An action that was permitted and is under way. */
interface Use {
  readonly number: number;
  readonly sentUs: number;
}

export class Permits implements Brake {
  readonly #rules: ReadonlyMap<string, ActingRule>;
  readonly #settings: ActionSettings;
  readonly #outlets: PermitOutlets;
  readonly #wishes = new Table<ActingRule, number, Wish>();
  /** By number: those that wait for an answer. */
  readonly #asked = new Map<number, Wish>();
  /** By resource. */
  readonly #used = new Map<number, Use>();
  readonly #toAsk: PermitWish[] = [];
  readonly #toReturn: PermitReturn[] = [];
  #next: number;

  /** @param first - number: earlier lives of this manager did not reach it */
  constructor(
    rules: ReadonlyMap<string, ActingRule>, settings: ActionSettings, outlets: PermitOutlets,
    first: number,
  ) {
    this.#rules = rules;
    this.#settings = settings;
    this.#outlets = outlets;
    this.#next = first;
  }

  hold(order: Order, nowUs: number): Held | null {
    const { rule, resource } = order;
    if (!this.#rules.has(rule.name)) return null;
    const wish = this.#wishes.get(rule, resource);
    if (wish === undefined) return { ...this.#ask(order, nowUs), isQuiet: true };
    const { answer } = wish;
    if (answer === null) {
      const untilUs = wish.askedUs + answerWithinUs(this.#settings);
      if (nowUs < untilUs) return { cause: 'unanswered', untilUs, isQuiet: true };
      this.#forgo(wish);
      return this.#ask(order, nowUs);
    }
    if (answer === 'granted') {
      if (this.#isWithin(wish.sentUs, answerWithinUs(this.#settings))) return null;
      this.#forgo(wish);
      return { ...this.#ask(order, nowUs), isQuiet: true };
    }
    if (nowUs < answer.untilUs) return answer;
    return { ...this.#ask(order, nowUs), cause: answer.cause };
  }

  began({ rule, resource }: Order): void {
    const wish = this.#wishes.get(rule, resource);
    if (wish?.answer !== 'granted') return;
    this.#wishes.delete(rule, resource);
    this.#used.set(resource, { number: wish.number, sentUs: wish.sentUs });
  }

  lasts({ resource }: Order): boolean {
    const use = this.#used.get(resource);
    return use === undefined || this.#isWithin(use.sentUs, permittedWithinUs(this.#settings));
  }

  ended({ resource }: Order, end: ActionEnd): void {
    const use = this.#used.get(resource);
    if (use === undefined) return;
    this.#used.delete(resource);
    const told = outcomes.find((one) => one === end);
    // Nobody knows whether it is still carried out: it counts as long as it may be.
    if (told !== undefined) this.#giveBack(use.number, told);
  }

  /** Which wish that is the answer to; null: nobody waits for it any more. */
  answered({ number, heldBy, waitUs }: PermitAnswer): Order | null {
    const wish = this.#asked.get(number);
    if (wish === undefined) return null;
    this.#asked.delete(number);
    wish.answer = heldBy === null ? 'granted'
      : { cause: heldBy, untilUs: this.#outlets.now() + Math.max(1, waitUs) };
    return wish.order;
  }

  /** What was granted and is not used at once is given back. */
  settle({ rule, resource }: Order): void {
    const wish = this.#wishes.get(rule, resource);
    if (wish?.answer === 'granted') this.#forgo(wish);
  }

  /** What is to be told to the coordinator: so many at most of each. */
  take(most: number): { readonly wishes: PermitWish[]; readonly returned: PermitReturn[] } | null {
    if (this.#toAsk.length + this.#toReturn.length === 0) return null;
    return { wishes: this.#toAsk.splice(0, most), returned: this.#toReturn.splice(0, most) };
  }

  drop(resource: number): void {
    for (const rule of this.#rules.values()) {
      const wish = this.#wishes.get(rule, resource);
      if (wish !== undefined) this.#forgo(wish);
    }
  }

  clear(): void {
    this.#wishes.clear();
    this.#asked.clear();
    this.#used.clear();
  }

  #ask(order: Order, nowUs: number): Held {
    const { rule, resource } = order;
    const number = this.#next;
    this.#next += 1;
    const wish: Wish = {
      number, order, askedUs: nowUs, sentUs: this.#outlets.clock(), answer: null,
    };
    this.#wishes.set(rule, resource, wish);
    this.#asked.set(number, wish);
    this.#toAsk.push({ number, resource, rule: rule.name });
    this.#outlets.asking();
    return { cause: 'unanswered', untilUs: nowUs + answerWithinUs(this.#settings) };
  }

  /** It is never used, whatever comes. */
  #forgo({ number, order: { rule, resource }, answer }: Wish): void {
    this.#wishes.delete(rule, resource);
    this.#asked.delete(number);
    if (answer === null || answer === 'granted') this.#giveBack(number, 'unused');
  }

  #giveBack(number: number, end: PermitReturn['end']): void {
    this.#toReturn.push({ number, end });
    this.#outlets.asking();
  }

  /** By a clock that was set back nothing can be told. */
  #isWithin(sentUs: number, us: number): boolean {
    const sinceUs = this.#outlets.clock() - sentUs;
    return sinceUs >= 0 && sinceUs <= us;
  }
}
