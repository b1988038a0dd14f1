/**
 * What a coordinator orders managers to do: to list a resource, until they report that they do or
 * it goes to another; and to let go of one, until they tell that they did.
 */
import type { CoreConfig } from './config.js';
import { compareTokens, type Token } from '../identity.js';
import { mark } from '../marks.js';
import type { Assignment, CoordinationMessage, ResourceRelease } from './messages.js';
import { pieces } from '../pieces.js';
import type { Address, Environment } from '../process.js';
import type { Authority } from './authority.js';
import type { Ledger } from './ledger.js';
import type { Member } from './membership.js';
import { orderPatienceUs, orderTries, Orders, type Order } from './orders.js';
import { entrusted } from './standby/entrusted.js';
import type { Remembered } from './standby/remembered.js';
import type { WholeModel } from './whole-model.js';

export interface OrderingOptions {
  readonly environment: Environment<CoordinationMessage>;
  readonly config: CoreConfig;
  /** What goes with resources whose holders cannot pass it on. */
  readonly remembered: Remembered;
  readonly authority: Authority;
  readonly ledger: Ledger;
  readonly members: ReadonlyMap<Address, Member>;
  readonly whole: WholeModel;
  /** Orders the manager to list the resource under a new token. */
  assignTo(resource: number, manager: Address): void;
  /** Gives the resource to another manager than that. */
  passOn(resource: number, manager: Address): void;
  /** To a manager or an agent; this node's own manager too. */
  send(to: Address, message: CoordinationMessage): void;
}

export class Ordering {
  readonly #options: OrderingOptions;
  /** Given lately: what its manager does not report to list in time is repeated, then passed on. */
  readonly #orders: Orders;
  /** How long the manager of each has to report it. */
  readonly #patienceUs: number;
  readonly #mostRepeated: number;
  /** When each that its manager does not list was last given once more because its agent asked. */
  readonly #askedUs = new Map<number, number>();
  /** Assignments decided while one message is handled; sent together at its end. */
  readonly #outgoing = new Map<Address, Assignment[]>();

  constructor(options: OrderingOptions) {
    const { config } = options;
    this.#options = options;
    this.#patienceUs = orderPatienceUs(config);
    this.#orders = new Orders(this.#patienceUs);
    this.#mostRepeated = orderTries(config) - 1;
  }

  get #nowUs(): number {
    return this.#options.environment.now();
  }

  // -- to list it

  order(resource: number, manager: Address, token: Token, repeated = 0): void {
    this.expect(resource, token, repeated);
    const { model } = this.#options.whole;
    const { descriptor, state, incarnation } = model.entity(resource)!;
    const agent = model.agent(resource);
    const entries = this.#outgoing.get(manager) ?? [];
    entries.push({ resource, agent, token, descriptor, state, incarnation });
    this.#outgoing.set(manager, entries);
  }

  /** Somebody has told the manager to list it: it is to report that in time. */
  expect(resource: number, token: Token, repeated = 0): void {
    this.#orders.given({ resource, token, repeated }, this.#nowUs);
  }

  /** To its holder; of a deposed coordinator's token its agent may want to know nothing. */
  orderAnew(resource: number, manager: Address, token: Token, repeated = 0): void {
    const isCurrent = this.#options.authority.isCurrent(token);
    if (isCurrent) this.order(resource, manager, token, repeated);
    else this.#options.assignTo(resource, manager);
  }

  /** Its agent asks for it, and its manager has not reported to list it. */
  asked(resource: number): void {
    this.#askedUs.set(resource, this.#nowUs);
  }

  /** It has a holder by that one's word, or none at all: what its agent asked before is past. */
  settled(resource: number): void {
    if (this.#askedUs.size > 0) this.#askedUs.delete(resource);
  }

  /** The periodic look at orders whose managers have had time to obey and to report that. */
  check(nowUs: number): void {
    for (;;) {
      const order = this.#orders.takeDue(nowUs);
      if (order === null) return;
      this.#review(order);
    }
  }

  #review({ resource, token, repeated }: Order): void {
    const { ledger, members, environment } = this.#options;
    if (compareTokens(ledger.token(resource), token) !== 0) return;
    if (ledger.isListed(resource)) return;
    const member = members.get(ledger.manager(resource));
    // Who is given up has its resources given away with that.
    if (member === undefined || !member.alive) return;
    if (!member.isDeaf && repeated < this.#mostRepeated) {
      this.orderAnew(resource, member.address, token, repeated + 1);
    } else if (!member.isDeaf && repeated === this.#mostRepeated && this.#isAskedFor(resource)) {
      this.expect(resource, token, repeated + 1);
    } else {
      mark(environment, 'order that was never carried out');
      this.#options.passOn(resource, member.address);
    }
  }

  /** Its agent asked so lately that what was sent then may have been obeyed, and not reported. */
  #isAskedFor(resource: number): boolean {
    const askedUs = this.#askedUs.get(resource) ?? -Infinity;
    this.#askedUs.delete(resource);
    return this.#nowUs - askedUs < this.#patienceUs;
  }

  /** Sends what has been decided while one message was handled. */
  flush(): void {
    if (this.#outgoing.size === 0) return;
    const { config, authority, remembered } = this.#options;
    for (const [manager, all] of this.#outgoing) {
      for (const entries of pieces(all, config.entriesPerMessage)) {
        const memories = entries.flatMap(({ resource }) => remembered.of(resource, this.#nowUs));
        this.#options.send(manager, entrusted(authority.ballot, entries, memories));
      }
    }
    this.#outgoing.clear();
  }

  // -- to let go of it

  /** The manager has reported to list it. */
  release(manager: Address, resource: number, token: Token): void {
    this.#options.members.get(manager)?.stale.set(resource, token);
    this.#sendReleases(manager, [{ resource, token }]);
  }

  /** With each report of the member: all that it should let go of, or those of some. */
  repeatReleases(member: Member, some?: readonly number[]): void {
    const { stale } = member;
    if (stale.size === 0) return;
    const told = some?.filter((resource) => stale.has(resource)) ?? [...stale.keys()];
    const all = told.map((resource) => ({ resource, token: stale.get(resource)! }));
    for (const entries of pieces(all, this.#options.config.entriesPerMessage)) {
      this.#sendReleases(member.address, entries);
    }
  }

  #sendReleases(manager: Address, entries: ResourceRelease['entries']): void {
    const { ballot } = this.#options.authority;
    this.#options.send(manager, { type: 'resource-release', ballot, entries });
  }
}
