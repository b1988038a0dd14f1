import type { ResourceState } from '../metamodel/entity.js';
import type { Verb } from '../process.js';
import { targetOf, type Brake, type GateOutlets, type Held } from './gate.js';
import { lengthUs, type Remembered } from './memory.js';
import { subjectOf, type ActingRule, type Order, type Subject } from './order.js';
import type { RuleSet } from './rule-set.js';
import { Table } from './table.js';
import { showsAs, undoes, verbs } from '../verbs/index.js';

/** The latest action on a resource that has succeeded. */
interface LastAction {
  readonly order: Order;
  readonly verb: Verb;
  /** When it was begun. */
  readonly atUs: number;
  /** It undid what another rule had just done. */
  readonly undid: boolean;
  /** Somebody elsewhere has undone it: a manager what the coordinator did, or the reverse. */
  undone: boolean;
}

/** Two rules that undo each other. */
interface Feud {
  /** Either of them acts no sooner. */
  dueUs: number;
  /** How long after its next action the one after that may follow. */
  delayUs: number;
}

/** Who undoes it within so long does so because of it. */
const hastyUs = 60e6;
/** After so many times there and back again in so long a time it is no coincidence. */
const mostReturns = 3;
const withinUs = 180e6;
const firstDelayUs = 30e6;
const mostDelayUs = 300e6;

/**
 * A guard on rules that undo each other: when what one has done is undone by another, done again
 * and undone again, both are slowed down on that subject and named. What is undone elsewhere (local
 * rules are enforced by managers, global ones by the coordinator) shows in the resource's state: of
 * such pairs each side slows its own rule down, and names all that may be the other.
 */
export class Feuds implements Brake {
  readonly #rules: readonly ActingRule[];
  readonly #outlets: GateOutlets;
  /** By resource: when what is under way was begun. */
  readonly #begunUs = new Map<number, number>();
  /** By resource, the earliest first. */
  readonly #last = new Map<number, LastAction>();
  /** When a rule undid what had undone something before: by rule and subject, each pair twice. */
  readonly #returns = new Table<ActingRule, Subject, number[]>();
  readonly #feuds = new Table<ActingRule, Subject, Feud>();

  constructor({ rules }: RuleSet, outlets: GateOutlets) {
    this.#rules = rules.filter(({ act }) => act.verb !== 'notify') as readonly ActingRule[];
    this.#outlets = outlets;
  }

  hold(order: Order, nowUs: number): Held | null {
    const feud = this.#feuds.get(order.rule, subjectOf(order));
    if (feud === undefined) return null;
    if (nowUs < feud.dueUs) return { cause: 'fight', untilUs: feud.dueUs };
    // Neither had anything to do for long: they are at peace.
    if (nowUs > feud.dueUs + 2 * feud.delayUs) this.#feuds.delete(order.rule, subjectOf(order));
    return null;
  }

  began(order: Order, nowUs: number): void {
    this.#begunUs.set(order.resource, nowUs);
    const feud = this.#feuds.get(order.rule, subjectOf(order));
    if (feud === undefined) return;
    feud.dueUs = nowUs + feud.delayUs;
    feud.delayUs = Math.min(mostDelayUs, 2 * feud.delayUs);
  }

  ended(order: Order, end: string): void {
    const { rule: { act: { verb } }, resource } = order;
    const nowUs = this.#begunUs.get(resource);
    this.#begunUs.delete(resource);
    if (end !== 'succeeded' || nowUs === undefined) return;
    this.#forgetOld(nowUs);
    const last = this.#last.get(resource);
    const undid = last !== undefined && last.order.rule !== order.rule && undoes(verb, last.verb);
    this.#last.delete(resource);
    this.#last.set(resource, { order, verb, atUs: nowUs, undid, undone: false });
    if (undid && last.undid) this.#onReturn(order, last.order, nowUs);
    else if (last?.order.rule === order.rule && last.undone) this.#onReturn(order, null, nowUs);
  }

  showed(resource: number, state: ResourceState, incarnation: number): void {
    const last = this.#last.get(resource);
    // What an action of our own is about to change is told when that has ended.
    if (last === undefined || last.undone || this.#begunUs.has(resource)) return;
    const isLater = incarnation > last.order.incarnation;
    last.undone = isLater && verbs.some((verb) => undoes(verb, last.verb) && showsAs(verb, state));
  }

  remember(rule: ActingRule, subject: Subject, nowUs: number): Remembered {
    const feud = this.#feuds.get(rule, subject);
    if (feud === undefined) return {};
    return { feud: { leftUs: lengthUs(nowUs, feud.dueUs), delayUs: feud.delayUs } };
  }

  recall(rule: ActingRule, subject: Subject, { feud }: Remembered, nowUs: number): void {
    if (feud === null || feud === undefined) return;
    const dueUs = nowUs + Math.min(feud.leftUs, mostDelayUs);
    this.#feuds.set(rule, subject, { dueUs, delayUs: Math.min(feud.delayUs, mostDelayUs) });
  }

  drop(resource: number): void {
    this.#begunUs.delete(resource);
    this.#last.delete(resource);
    this.#returns.drop(resource);
    this.#feuds.drop(resource);
  }

  clear(): void {
    this.#begunUs.clear();
    this.#last.clear();
    this.#returns.clear();
    this.#feuds.clear();
  }

  #forgetOld(nowUs: number): void {
    for (const [resource, { atUs }] of this.#last) {
      if (atUs >= nowUs - hastyUs) return;
      this.#last.delete(resource);
    }
  }

  /** @param other - null: it is somebody else's */
  #onReturn(order: Order, other: Order | null, nowUs: number): void {
    const subject = subjectOf(order);
    const before = this.#returns.get(order.rule, subject) ?? [];
    const returns = [...before.filter((atUs) => atUs > nowUs - withinUs), nowUs];
    this.#returns.set(order.rule, subject, returns);
    if (other !== null) this.#returns.set(other.rule, subjectOf(other), returns);
    if (returns.length < mostReturns || this.#feuds.get(order.rule, subject)) return;
    const others = other === null ? this.#undoersOf(order) : [other.rule.name];
    if (others.length === 0) return;
    const feud = { dueUs: nowUs + firstDelayUs, delayUs: 2 * firstDelayUs };
    this.#feuds.set(order.rule, subject, feud);
    if (other !== null) this.#feuds.set(other.rule, subjectOf(other), feud);
    const rules = [order.rule.name, ...others].sort();
    const target = targetOf(order, this.#outlets);
    this.#outlets.observe({ type: 'rules-fight', rules, target });
  }

  /** The rules that may have undone it. */
  #undoersOf({ rule, resource }: Order): string[] {
    const kind = this.#outlets.descriptor(resource)?.kind;
    return this.#rules
      .filter((one) => one !== rule && undoes(one.act.verb, rule.act.verb) &&
        (kind === undefined || one.kinds.includes(kind)))
      .map(({ name }) => name);
  }
}
