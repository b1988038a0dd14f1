/**
 * The coordinator's moves: resources on their way from a manager that holds them to another. The
 * holder passes each on by itself, when the resource has just shown that it lives, and serves it
 * until its agent obeys the other; so whoever held it holds it, by the ledger too, until it has
 * told that it let go.
 */
import type { CoreConfig } from './config.js';
import { compareTokens, type Token } from '../identity.js';
import type { HandOver } from './messages.js';
import type { PartEntry } from '../metamodel/delta.js';
import type { Model } from '../metamodel/model.js';
import { pieces } from '../pieces.js';
import type { Address } from '../process.js';
import type { Assignment, Holdings } from './assignment/index.js';
import type { Ledger } from './ledger.js';
import type { Waits } from './waits.js';

export interface Move {
  readonly resource: number;
  readonly from: Address;
  readonly to: Address;
  /** Under which the next holder lists it. */
  readonly token: Token;
  readonly why: 'balance' | 'leave';
  /** Given up then: something on its way is lost, or the resource does not show that it lives. */
  untilUs: number;
  /** It took too long once before. */
  pressed: boolean;
  /** What the next holder has told of it while the former one had not let go. */
  report: PartEntry | null;
}

const nothingOverdue = { press: [], lost: [] } as const;

export interface RelocationOptions {
  readonly config: CoreConfig;
  readonly ledger: Ledger;
  readonly model: Model;
  readonly assignment: Assignment;
  /** Managers that may be given resources. */
  able(): Iterable<Address>;
  /** Whether the resource's agent did not come to that manager lately. */
  shuns(resource: number, manager: Address): boolean;
  readonly waits: Waits;
  /** Some manager is left alone by balancing for a time. */
  waiting(): void;
  mint(): Token;
  /** Orders `from` to pass these on. */
  send(from: Address, entries: readonly HandOver[]): void;
}

/** How long a move may take, and may take again once it has been pressed for. */
function limitUs({ resources, managers }: CoreConfig): number {
  return resources.timeoutUs + 2 * managers.heartbeatPeriodUs;
}

/** A term of the bound: a move has come about by then, or come to nothing. Looked at each check. */
export function movedWithinUs(config: CoreConfig): number {
  return 2 * (limitUs(config) + config.resources.checkPeriodUs);
}

export class Relocation {
  readonly #options: RelocationOptions;
  readonly #moves = new Map<number, Move>();
  /** What is on its way to each manager, less what is on its way from it. */
  readonly #surplus = new Map<Address, number>();
  /** Resources whose move came to nothing: not moved again for balance before that time. */
  readonly #tried = new Map<number, number>();
  /** How long a move may take. */
  readonly #limitUs: number;
  #plannedUs = -Infinity;

  constructor(options: RelocationOptions) {
    this.#options = options;
    this.#limitUs = limitUs(options.config);
  }

  /** Nothing is on its way. */
  get isQuiet(): boolean {
    return this.#moves.size === 0;
  }

  /** How many resources the manager holds, once all has arrived. */
  load(manager: Address): number {
    return this.#options.ledger.count(manager) + (this.#surplus.get(manager) ?? 0);
  }

  /** The move of the resource ends: the caller knows how. */
  take(resource: number): Move | null {
    const move = this.#moves.size === 0 ? undefined : this.#moves.get(resource);
    if (move === undefined) return null;
    this.#moves.delete(resource);
    this.#shift(move, -1);
    return move;
  }

  /** The move of the resource that its next holder has told to list. */
  listed(resource: number): Move | null {
    const move = this.#moves.size === 0 ? undefined : this.#moves.get(resource);
    return move === undefined || move.report === null ? null : move;
  }

  /** Moves to a manager that is gone. */
  to(manager: Address): Move[] {
    return [...this.#moves.values()].filter(({ to }) => to === manager);
  }

  /**
   * True if `manager` reports the resource as its next holder: that is kept, for it may only list
   * it yet, and be obeyed later or never.
   */
  keeps(manager: Address, entry: PartEntry): boolean {
    const move = this.#moves.size === 0 ? undefined : this.#moves.get(entry.resource);
    if (move === undefined || move.to !== manager) return false;
    if (compareTokens(entry.token, move.token) !== 0) return false;
    move.report = entry.removed ? null : entry;
    return true;
  }

  /** What the manager told as a next holder counts only if it tells it again. */
  tellsAnew(manager: Address): void {
    for (const move of this.#moves.values()) if (move.to === manager) move.report = null;
  }

  /** Everything that a manager which leaves still holds; repeats what may have been lost. */
  empty(manager: Address, nowUs: number): void {
    const { ledger, model, assignment } = this.#options;
    const entries: HandOver[] = [];
    for (const resource of ledger.resourcesOf(manager)) {
      const entity = model.entity(resource);
      if (entity === null) continue;
      const move = this.#moves.get(resource);
      // It may be half done: it goes on, even to one that has come to leave as well.
      if (move !== undefined) {
        entries.push(move);
        continue;
      }
      const to = assignment.choose(entity.descriptor.name, manager);
      if (to !== -1 && to !== manager) {
        entries.push(this.#begin(resource, manager, to, 'leave', nowUs));
      }
    }
    this.#send(manager, entries);
  }

  /** Once a period: what the policy wants moved, at its pace. */
  balance(nowUs: number): void {
    const { config, assignment } = this.#options;
    const { threshold, perPeriod } = config.rebalance;
    if (perPeriod === 0 || nowUs - this.#plannedUs < config.managers.heartbeatPeriodUs) return;
    this.#plannedUs = nowUs;
    const limits = { threshold, perManager: perPeriod };
    const orders = new Map<Address, HandOver[]>();
    for (const { resource, from, to } of assignment.plan(this.#holdings(nowUs), limits)) {
      const entries = orders.get(from) ?? [];
      entries.push(this.#begin(resource, from, to, 'balance', nowUs));
      orders.set(from, entries);
    }
    for (const [from, entries] of orders) this.#send(from, entries);
  }

  /**
   * What takes too long: if the next holder lists it, that one is to offer itself once more;
   * otherwise, or when that took too long as well, it is given up.
   */
  overdue(nowUs: number): { readonly press: readonly Move[]; readonly lost: readonly Move[] } {
    if (this.#moves.size === 0) return nothingOverdue;
    const late: Move[] = [];
    // In the order of their beginnings, which is that of their ends.
    for (const move of this.#moves.values()) {
      if (move.untilUs > nowUs) break;
      late.push(move);
    }
    const press = late.filter(({ report, pressed }) => report !== null && !pressed);
    const lost = late.filter((move) => !press.includes(move));
    for (const move of press) {
      move.pressed = true;
      move.untilUs = nowUs + this.#limitUs;
      this.#moves.delete(move.resource);
      this.#moves.set(move.resource, move);
    }
    for (const { resource } of lost) {
      this.take(resource);
      this.#tried.set(resource, nowUs + this.#limitUs);
    }
    return { press, lost };
  }

  all(): Move[] {
    return [...this.#moves.values()];
  }

  #begin(
    resource: number, from: Address, to: Address, why: Move['why'], nowUs: number,
  ): Move {
    const token = this.#options.mint();
    const untilUs = nowUs + this.#limitUs;
    const move: Move = { resource, from, to, token, why, untilUs, pressed: false, report: null };
    this.#moves.set(resource, move);
    this.#shift(move, 1);
    return move;
  }

  /** A move counts where it goes, so that nobody is chosen by a load of before. */
  #shift({ from, to }: Move, step: 1 | -1): void {
    const { assignment } = this.#options;
    this.#surplus.set(from, (this.#surplus.get(from) ?? 0) - step);
    this.#surplus.set(to, (this.#surplus.get(to) ?? 0) + step);
    assignment.loaded(from, -step);
    assignment.loaded(to, step);
  }

  #send(from: Address, entries: readonly HandOver[]): void {
    for (const some of pieces(entries, this.#options.config.entriesPerMessage)) {
      this.#options.send(from, some.map(({ resource, token, to }) => ({ resource, token, to })));
    }
  }

  #holdings(nowUs: number): Holdings {
    const { ledger, model } = this.#options;
    for (const [resource, untilUs] of this.#tried) {
      if (untilUs <= nowUs) this.#tried.delete(resource);
    }
    const isMovable = (resource: number): boolean => {
      if (this.#moves.has(resource) || this.#tried.has(resource)) return false;
      // One that is down could not show that it lives; one that starts is soon up.
      const state = ledger.isListed(resource) ? model.entity(resource)?.state : 'down';
      return state === 'up' || state === 'stopped' || state === 'stopping';
    };
    const { waits } = this.#options;
    const all = [...this.#options.able()];
    const managers = all.filter((manager) => !waits.has(manager, nowUs));
    if (managers.length < all.length) this.#options.waiting();
    return {
      managers,
      load: (manager) => this.load(manager),
      movable: (manager) => ledger.resourcesOf(manager).reverse().filter(isMovable),
      extent: model.extent,
      manager: (resource) => this.#moves.get(resource)?.to ?? ledger.manager(resource),
      isMovable,
      shuns: (resource, manager) =>
        waits.has(manager, nowUs) || this.#options.shuns(resource, manager),
      name: (resource) => model.entity(resource)?.descriptor.name ?? '',
    };
  }
}
