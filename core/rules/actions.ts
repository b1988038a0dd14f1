import type { ActionSettings } from './action-settings.js';
import { confirmedWithinUs } from './deadline.js';
import { endOf, type ActionCheck, type ActionOutcome } from './messages.js';
import type { Refusal } from '../identity.js';
import type { ActionEnd } from '../observations.js';
import type { Gate } from './gate.js';
import type { ActingRule, Order } from './order.js';
import { lengthUs, type Remembered, type TryMemory } from './memory.js';
import type { RuleOutlets } from './outlets.js';
import { Table } from './table.js';
import { requestOf, type Request } from '../verbs/index.js';

/** What is known of how an action ended: its agent's word, or that it was and will not be begun. */
export type Told = ActionOutcome | 'never' | null;

/** What the runner asks of, and tells, the matcher whose orders it carries out. */
export interface OrderSource {
  /** The wait of an order is over: whether it is still wanted, and then may begin as well. */
  due(order: Order, admits: () => boolean): boolean;
  /**
   * An action ended; `incarnation` is the resource's, as far as is known; `told` is what is known
   * of it beside that.
   */
  ended(order: Order, end: ActionEnd, incarnation: number, told?: Told): void;
}

interface Pending {
  readonly order: Order;
  readonly asked: Request;
  readonly number: number;
  deadlineUs: number;
  resends: number;
  /** No host is told to go on with it after that. */
  readonly confirmedUntilUs: number;
  /** One was told to: it may have been begun. */
  isConfirmed: boolean;
}

interface Waiting {
  order: Order;
  dueUs: number;
}

interface Failures {
  delayUs: number;
  /** When the last wait was over. */
  dueUs: number;
  /** When the last attempt was. */
  endedUs: number;
}

/**
 * Carries out orders: numbers them, sends them, sends again what has no outcome, retries what
 * failed with back-off. At most one action per resource is under way. An action that ended
 * without success is tried again under a new number while its rule wants it: compare-and-set at
 * the actuator sees to it that it is still carried out at most once per incarnation.
 */
export class ActionRunner {
  readonly #settings: ActionSettings;
  readonly #outlets: RuleOutlets;
  readonly #source: OrderSource;
  readonly #gate: Gate;
  readonly #step: number;
  #next: number;
  /** By resource, the one whose deadline comes first first: all have the same time limit. */
  readonly #pending = new Map<number, Pending>();
  readonly #waiting = new Table<ActingRule, number, Waiting>();
  readonly #failures = new Table<ActingRule, number, Failures>();
  /** Nothing is due before: most ticks have nothing to do. */
  #nextUs = Infinity;

  /** @param numbers action numbers: the first, and the distance from each to the next. */
  constructor(
    settings: ActionSettings, outlets: RuleOutlets, source: OrderSource, gate: Gate,
    numbers: { readonly first: number; readonly step: number },
  ) {
    this.#settings = settings;
    this.#outlets = outlets;
    this.#source = source;
    this.#gate = gate;
    this.#next = numbers.first;
    this.#step = numbers.step;
  }

  /** Whether `rule` could act on the resource at once. */
  isFree(rule: ActingRule, resource: number): boolean {
    return !this.#pending.has(resource) && this.#waiting.get(rule, resource) === undefined;
  }

  /** How long the next failure of `rule` on the resource would wait; 0 after a success. */
  backOffUs(rule: ActingRule, resource: number): number {
    return this.#failures.get(rule, resource)?.delayUs ?? 0;
  }

  /** Carries the order out now, or after the action under way or the back-off in force. */
  request(order: Order): void {
    const { rule, resource, incarnation } = order;
    const nowUs = this.#outlets.now();
    const waiting = this.#waiting.get(rule, resource);
    if (waiting !== undefined) {
      if (incarnation > waiting.order.incarnation) waiting.order = order;
    } else if (this.#pending.has(resource)) {
      this.#wait(order, nowUs);
    } else if (this.#admits(order, nowUs)) {
      this.#begin(order, nowUs);
    }
  }

  /** Carries out what has been admitted, and is free. */
  begin(order: Order): void {
    this.#begin(order, this.#outlets.now());
  }

  /** What the order waited for has come: if it may begin, it begins. */
  wake({ rule, resource }: Order): void {
    const waiting = this.#waiting.get(rule, resource);
    if (waiting === undefined || this.#pending.has(resource)) return;
    const { order } = waiting;
    const nowUs = this.#outlets.now();
    this.#waiting.delete(rule, resource);
    if (this.#source.due(order, () => this.#admits(order, nowUs))) this.#begin(order, nowUs);
  }

  #begin(order: Order, nowUs: number): void {
    const { rule, resource } = order;
    const failures = this.#failures.get(rule, resource);
    if (failures !== undefined && nowUs > forgottenUs(order, failures)) {
      this.#failures.delete(rule, resource);
    }
    this.#start(order, nowUs);
  }

  /** False if the action is none of those under way here. */
  onOutcome(message: ActionOutcome): boolean {
    const pending = this.#pending.get(message.resource);
    if (pending === undefined || pending.number !== message.action) return false;
    const { rule, incarnation } = pending.order;
    const { outcome } = endOf(message);
    if (outcome === 'succeeded' && rule.act.retry.stableUs === 0) {
      this.#failures.delete(rule, message.resource);
    }
    // A refusal shows an incarnation that the rule has not seen: it must match there first.
    const reported = outcome === 'refused' ? incarnation : message.incarnation;
    this.#end(pending, outcome, Math.max(reported, incarnation), message);
    return true;
  }

  /** A host asks whether it may still act. False if the action is none of those under way here. */
  onCheck({ action, resource, question }: ActionCheck): boolean {
    const pending = this.#pending.get(resource);
    if (pending === undefined || pending.number !== action) return false;
    const isLate = this.#outlets.now() > pending.confirmedUntilUs;
    if (isLate || !this.#gate.lasts(pending.order)) return true;
    pending.isConfirmed = true;
    this.#outlets.confirm(resource, { type: 'action-confirmed', action, resource, question });
    return true;
  }

  /** Sends again or gives up what is overdue; then carries out orders whose wait is over. */
  tick(nowUs: number): void {
    if (nowUs < this.#nextUs) return;
    this.#nextUs = Infinity;
    for (const pending of this.#pending.values()) {
      if (pending.deadlineUs > nowUs) break;
      if (pending.resends >= this.#settings.retries || !this.#gate.lasts(pending.order)) {
        const isCertain = this.#settings.deadlines === true && !pending.isConfirmed;
        this.#end(pending, 'expired', pending.order.incarnation, isCertain ? 'never' : null);
      } else {
        pending.resends += 1;
        this.#send(pending, nowUs);
      }
    }
    for (const { order, dueUs } of this.#waiting.values()) {
      if (dueUs > nowUs || this.#pending.has(order.resource)) continue;
      this.#waiting.delete(order.rule, order.resource);
      if (this.#source.due(order, () => this.#admits(order, nowUs))) this.#start(order, nowUs);
    }
    for (const { deadlineUs } of this.#pending.values()) {
      this.#expect(deadlineUs);
      break; // The first is the earliest.
    }
    for (const { dueUs } of this.#waiting.values()) this.#expect(dueUs);
  }

  /** What is held back for a time waits. */
  #admits(order: Order, nowUs: number): boolean {
    const held = this.#gate.admit(order, nowUs);
    if (held !== null && held.untilUs < Infinity) this.#wait(order, held.untilUs);
    return held === null;
  }

  #wait(order: Order, dueUs: number): void {
    this.#waiting.set(order.rule, order.resource, { order, dueUs });
    this.#expect(dueUs);
  }

  #expect(dueUs: number): void {
    if (dueUs < this.#nextUs) this.#nextUs = dueUs;
  }

  remember(rule: ActingRule, resource: number, nowUs: number): Remembered[] {
    const own = this.#remember(rule, resource, nowUs);
    return [own, ...this.#gate.remember(rule, resource, nowUs)];
  }

  #remember(rule: ActingRule, resource: number, nowUs: number): Remembered {
    const waiting = this.#waiting.get(rule, resource);
    const pending = this.#pending.get(resource);
    const failures = this.#failures.get(rule, resource);
    return {
      ...(waiting && { waiting: {
        incarnation: waiting.order.incarnation, leftUs: lengthUs(nowUs, waiting.dueUs),
      } }),
      // Its end will be told to nobody: who comes next asks again, for the same incarnation.
      ...(pending?.order.rule === rule && { waiting: {
        incarnation: pending.order.incarnation, leftUs: this.#settings.timeoutUs,
      } }),
      ...(failures && { failures: {
        delayUs: failures.delayUs, leftUs: lengthUs(nowUs, failures.dueUs),
        endedUs: lengthUs(failures.endedUs, nowUs),
      } }),
    };
  }

  /** What a global rule keeps in mind of those that it acts on for one of its groups. */
  tries(rule: ActingRule, targets: Iterable<number>, nowUs: number): TryMemory[] {
    return Array.from(targets, (resource) => {
      const underWay = this.#pending.get(resource)?.order.rule === rule;
      const own = this.#remember(rule, resource, nowUs);
      return { resource, underWay, waiting: null, failures: null, ...own };
    }).filter(({ waiting, failures }) => waiting !== null || failures !== null);
  }

  /** Those of which a rule keeps something in mind. */
  targets(rule: ActingRule): Set<number> {
    const targets = new Set([...this.#waiting.subjects(rule), ...this.#failures.subjects(rule)]);
    for (const { order } of this.#pending.values()) {
      if (order.rule === rule) targets.add(order.resource);
    }
    return targets;
  }

  /** @param incarnation - as known here: an order for a later one would outlast all that come */
  recall(
    rule: ActingRule, resource: number, memory: Remembered, incarnation: number, nowUs: number,
  ): void {
    this.#gate.recall(rule, resource, memory, nowUs);
    this.recallTry(rule, resource, memory, incarnation, nowUs, null);
  }

  /** As {@link recall}, without brakes. */
  recallTry(
    rule: ActingRule, resource: number, memory: Remembered, incarnation: number, nowUs: number,
    group: string | null,
  ): void {
    const { waiting, failures } = memory;
    const { delayUs: firstUs, maxUs } = rule.act.retry;
    if (failures) {
      const { delayUs, leftUs, endedUs } = failures;
      this.#failures.set(rule, resource, {
        delayUs: Math.min(Math.max(delayUs, firstUs), maxUs),
        dueUs: nowUs + Math.min(leftUs, maxUs), endedUs: nowUs - endedUs,
      });
    }
    if (!waiting) return;
    // What brakes hold back for longer is held back again then.
    const leftUs = Math.min(waiting.leftUs, Math.max(maxUs, this.#settings.timeoutUs));
    const order = {
      rule, resource, incarnation: Math.min(waiting.incarnation, incarnation), group,
    };
    this.#wait(order, nowUs + leftUs);
  }

  /** The resource is no longer ours: an outcome that still comes is not ours either. */
  drop(resource: number): void {
    const pending = this.#pending.get(resource);
    if (pending !== undefined) this.#over(pending, 'dropped');
    this.#waiting.drop(resource);
    this.#failures.drop(resource);
    this.#gate.drop(resource);
  }

  /** Drops all resources; action numbers go on. */
  clear(): void {
    for (const pending of this.#pending.values()) this.#over(pending, 'dropped');
    this.#waiting.clear();
    this.#failures.clear();
    this.#gate.clear();
  }

  #start(order: Order, nowUs: number): void {
    const { rule, resource } = order;
    const isUp = this.#outlets.seesUp?.(resource) === true;
    const pending: Pending = {
      order, asked: requestOf(rule.act.verb, isUp), number: this.#next, deadlineUs: 0, resends: 0,
      confirmedUntilUs: nowUs + confirmedWithinUs(this.#settings), isConfirmed: false,
    };
    this.#next += this.#step;
    this.#outlets.observe({
      type: 'action-started', rule: rule.name, verb: rule.act.verb, resource,
      action: pending.number,
    });
    this.#send(pending, nowUs);
  }

  #send(pending: Pending, nowUs: number): void {
    const { resource, incarnation } = pending.order;
    pending.deadlineUs = nowUs + this.#settings.timeoutUs;
    this.#expect(pending.deadlineUs);
    this.#pending.delete(resource);
    this.#pending.set(resource, pending); // Now the last, as its deadline is.
    this.#outlets.tellAhead?.();
    this.#outlets.send(resource, {
      type: 'action-request', action: pending.number, resource, verb: pending.asked, incarnation,
    });
  }

  #end(
    pending: Pending, end: Exclude<ActionEnd, 'dropped'>, incarnation: number,
    told: Told,
  ): void {
    const { order } = pending;
    const { rule } = order;
    this.#over(pending, end, refusalOf(told));
    // What may not last counts as a failure until it has.
    const lasts = end === 'succeeded' && rule.act.retry.stableUs === 0;
    if (!lasts) this.#backOff({ ...order, incarnation });
    this.#source.ended(order, end, incarnation, told);
  }

  #over({ order, number }: Pending, end: ActionEnd, refusal?: Refusal): void {
    const { rule, resource } = order;
    this.#pending.delete(resource);
    this.#gate.ended(order, end);
    this.#outlets.observe({
      type: 'action-ended', rule: rule.name, resource, action: number, outcome: end,
      ...(refusal === undefined ? {} : { refusal }),
    });
  }

  #backOff(order: Order): void {
    const { rule, resource } = order;
    const { delayUs: first, factor, maxUs } = rule.act.retry;
    const delayUs = this.#failures.get(rule, resource)?.delayUs ?? first;
    const endedUs = this.#outlets.now();
    const dueUs = endedUs + delayUs;
    const nextUs = Math.min(maxUs, Math.round(delayUs * factor));
    this.#failures.set(rule, resource, { delayUs: nextUs, dueUs, endedUs });
    const before = this.#waiting.get(rule, resource)?.order.incarnation ?? 0;
    const incarnation = Math.max(before, order.incarnation);
    this.#wait({ ...order, incarnation }, dueUs);
  }
}

export function refusalOf(told: Told): Refusal | undefined {
  return told === null || told === 'never' ? undefined : endOf(told).refusal;
}

/** After that the rule has forgotten that it failed: the next wait is the first again. */
function forgottenUs({ rule }: Order, { dueUs, endedUs }: Failures): number {
  const { maxUs, stableUs } = rule.act.retry;
  return stableUs === 0 ? dueUs + maxUs : Math.max(dueUs, endedUs + stableUs);
}
