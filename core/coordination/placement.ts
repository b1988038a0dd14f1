/**
 * Who holds which resource, by the coordinator's orders and by what managers and agents tell: gives
 * resources to managers, and settles who holds one that two of them list.
 */
import type { CoreConfig } from './config.js';
import { compareTokens, type Token } from '../identity.js';
import { firstIdOf, type Peer } from '../overlay/index.js';
import { mark } from '../marks.js';
import type { PartEntry } from '../metamodel/delta.js';
import { isUnheard } from '../metamodel/entity.js';
import type { CoordinationMessage, Registration } from './messages.js';
import type { Address, Environment } from '../process.js';
import { createAssignment, type Assignment } from './assignment/index.js';
import type { Authority } from './authority.js';
import { Choosing } from './choosing.js';
import { Disputes } from './disputes.js';
import { Ledger } from './ledger.js';
import type { Member } from './membership.js';
import { Ordering } from './ordering.js';
import { Relocation, type Move } from './relocation.js';
import { Shunned } from './shunned.js';
import { Waits } from './waits.js';
import type { Remembered } from './standby/remembered.js';
import type { WholeModel } from './whole-model.js';

export interface PlacementOptions {
  readonly environment: Environment<CoordinationMessage>;
  readonly config: CoreConfig;
  /** What goes with resources whose holders cannot pass it on. */
  readonly remembered: Remembered;
  /** Managers that are known from the start, in order of address. */
  readonly seeds: readonly Peer[];
  /** To a manager or an agent; this node's own manager too. */
  send(to: Address, message: CoordinationMessage): void;
}

export class Placement {
  readonly ledger = new Ledger();
  readonly ordering: Ordering;
  readonly disputes: Disputes;
  readonly #options: PlacementOptions;
  readonly #authority: Authority;
  readonly #members: ReadonlyMap<Address, Member>;
  readonly #whole: WholeModel;
  readonly #assignment: Assignment;
  readonly #choosing: Choosing;
  readonly #relocation: Relocation;
  /** When each resource without a holder is to be assigned. */
  readonly #orphans = new Map<number, number>();
  readonly #shunned: Shunned;
  readonly #waits: Waits;

  constructor(
    options: PlacementOptions, authority: Authority, members: ReadonlyMap<Address, Member>,
    whole: WholeModel,
  ) {
    const { config } = options;
    this.#options = options;
    this.#authority = authority;
    this.#members = members;
    this.#whole = whole;
    this.ordering = new Ordering({
      ...options, authority, members, whole, ledger: this.ledger,
      assignTo: (resource, manager) => this.#assignTo(resource, manager),
      passOn: (resource, manager) => this.assign(resource, manager),
    });
    this.#shunned = new Shunned(config, options.seeds.length);
    this.#waits = new Waits(config);
    this.#assignment = createAssignment(config.assignment.name, config.fromPlugins?.assignment);
    this.disputes = new Disputes(this.ledger, whole.model, authority);
    this.#choosing = new Choosing(
      members, this.#assignment, this.#shunned, (manager) => this.#relocation.load(manager));
    this.#relocation = new Relocation({
      config, ledger: this.ledger, model: whole.model, assignment: this.#assignment,
      able: () => this.#choosing.able(),
      shuns: (resource, manager) => this.#shunned.of(resource).includes(manager),
      waits: this.#waits,
      waiting: () => mark(options.environment, 'manager left alone by balancing'),
      mint: () => authority.mint(),
      send: (to, entries) =>
        options.send(to, { type: 'resource-hand-over', ballot: authority.ballot, entries }),
    });
  }

  get #nowUs(): number {
    return this.#options.environment.now();
  }

  /** Nothing is on its way from one manager to another. */
  get isQuiet(): boolean {
    return this.#relocation.isQuiet;
  }

  /** The periodic look at moves, and unless a rebuild goes on at resources without a holder. */
  check(nowUs: number, isRebuilt: boolean): void {
    for (const [resource, dueUs] of this.#orphans) {
      if (dueUs <= nowUs && isRebuilt) this.assign(resource, -1);
    }
    this.ordering.check(nowUs);
    this.#shunned.check(nowUs);
    const { press, lost } = this.#relocation.overdue(nowUs);
    for (const { resource, to, token } of press) this.ordering.order(resource, to, token);
    for (const move of lost) {
      const isVain = move.why === 'balance' && move.report === null && this.#choosing.isIn(move.to);
      if (isVain) this.#waits.failed(move.to, nowUs);
      this.#fallBack(move);
    }
  }

  balance(nowUs: number): void {
    this.#relocation.balance(nowUs);
  }

  /** Ends all moves: what a next holder lists already has come about, nothing else does. */
  endMoves(): void {
    for (const move of this.#relocation.all()) this.#fallBack(move);
  }

  // -- managers

  /** From now on resources go to it. */
  include(member: Member): void {
    const { address } = member;
    if (!member.isAble) return;
    const load = this.#relocation.load(address);
    // Not by the id that it has come to have since its disk was lost: who coordinates next may know
    // another one, and all that its name owns would move with the role.
    this.#assignment.add(address, firstIdOf(this.#options.seeds, address), load);
  }

  /** It had been taken for dead, or had gone. */
  returned(member: Member): void {
    this.#waits.returned(member.address, this.#nowUs);
    this.include(member);
  }

  /**
   * Its part comes from the start: what it listed before counts only if it lists it again.
   *
   * @returns what it was to hold, and whether it had told that it does
   */
  tellsAnew({ address }: Member): (readonly [number, boolean])[] {
    this.#relocation.tellsAnew(address);
    const held = this.ledger.resourcesOf(address)
      .map((resource) => [resource, this.ledger.isListed(resource)] as const);
    for (const [resource] of held) this.ledger.setListed(resource, false);
    return held;
  }

  /** Its former life is over. */
  livesAnew({ address }: Member): void {
    this.#waits.livesAnew(address, this.#nowUs);
  }

  /** From now on no resources go to it. */
  exclude(manager: Address): void {
    this.#assignment.remove(manager);
  }

  /** It leaves: everything that it holds goes to others while it still serves it. */
  empty(manager: Address): void {
    this.#relocation.empty(manager, this.#options.environment.now());
  }

  /** It is taken for dead. */
  lost(member: Member): void {
    // Some agents may have gone over to it already: a new token brings them back at once.
    for (const { resource, from } of this.#relocation.to(member.address)) {
      this.#assignTo(resource, from);
    }
    this.#bury(member);
  }

  /** It has gone of its own accord. */
  left(member: Member): void {
    for (const { resource, from, report } of this.#relocation.to(member.address)) {
      if (report === null) this.#relocation.take(resource);
      else this.#assignTo(resource, from);
    }
    this.#bury(member);
  }

  #bury(member: Member): void {
    const manager = member.address;
    member.alive = false;
    this.#waits.lapsed(manager, this.#nowUs);
    this.#assignment.remove(manager);
    for (const resource of this.ledger.resourcesOf(manager)) {
      this.#whole.doubt(resource, manager);
      this.assign(resource, manager);
    }
  }

  // -- what managers and agents tell

  /** What the manager tells of one resource. */
  apply(member: Member, entry: PartEntry): void {
    const { resource, token } = entry;
    const manager = member.address;
    if (this.#relocation.keeps(manager, entry)) return;
    member.unconfirmed?.delete(resource);
    const held = this.ledger.token(resource);
    const holds = this.ledger.manager(resource) === manager;
    const late = compareTokens(token, held) < 0;
    if (entry.removed) {
      member.stale.delete(resource);
      if (!holds) return;
      this.ledger.setListed(resource, false);
      const move = this.#relocation.take(resource);
      if (move === null) this.#orphan(resource);
      else this.#arrive(move, entry);
    } else if (!holds && this.disputes.isOne(entry)) {
      this.#settle(member, entry);
    } else if (late && !holds) {
      member.stale.set(resource, held!);
    } else {
      // The holder goes on under an older token: the order with the newer one was lost.
      if (late) this.ordering.orderAnew(resource, manager, held!);
      else this.hold(resource, manager, token);
      this.ledger.setListed(resource, true);
      this.#whole.report(entry, manager);
    }
  }

  /** Who hears it keeps it, under a token of this coordinator's. */
  #settle(member: Member, entry: PartEntry): void {
    const { resource, state } = entry;
    mark(this.#options.environment, 'resource held by who does not hear it');
    if (isUnheard(state)) {
      this.#assignTo(resource, this.ledger.manager(resource));
      member.stale.set(resource, this.ledger.token(resource)!);
    } else {
      this.#assignTo(resource, member.address);
      this.ledger.setListed(resource, true);
      this.#whole.report(entry, member.address);
    }
  }

  /** The former holder has let go, for the agent obeys the next one; `last` are its last words. */
  #arrive({ resource, from, to, token, why, report }: Move, last: PartEntry): void {
    // They may hold a change that it had not told before, and the next holder is still to tell.
    this.#whole.report(last, from);
    if (!this.#choosing.isIn(to)) return this.assign(resource, to);
    this.#options.environment.observe({ type: 'resource-moved', resource, from, to, why });
    this.#waits.succeeded(to);
    if (report !== null) this.#listed(resource, to, token, report);
    else if (!this.entrust(resource, to, token)) this.ordering.expect(resource, token);
  }

  /** The manager holds it, and has told so. */
  #listed(resource: number, manager: Address, token: Token, report: PartEntry): void {
    this.hold(resource, manager, token);
    this.ledger.setListed(resource, true);
    this.#whole.report(report, manager);
  }

  /** The move did not end as it should: who reports the greater token has the resource. */
  #fallBack({ resource, to, token, report }: Move): void {
    mark(this.#options.environment, 'move given up');
    this.#relocation.take(resource);
    if (report !== null && this.#choosing.isIn(to)) this.#listed(resource, to, token, report);
  }

  /** Idempotent: an agent asks again until it is answered. */
  register(entry: Registration, agent: Address): void {
    const { resource, lost, silent, incarnation } = entry;
    // Its agent obeys nobody now: it may as well go where the resource was on its way to.
    const move = this.#relocation.listed(resource);
    if (move !== null) this.#fallBack(move);
    const token = this.ledger.token(resource);
    const manager = this.ledger.manager(resource);
    this.#whole.hearsay({ ...entry, agent, metrics: null }, manager);
    const member = this.#members.get(manager);
    const isAble = member !== undefined && member.alive && !member.isDeaf;
    // It may be this agent alone that does not hear it, or is not heard.
    const lives = silent !== -1 && this.#choosing.isIn(silent);
    if (lives) this.#shunned.add(resource, silent, this.#nowUs);
    if (!isAble || manager === silent || token === null) {
      this.assign(resource, silent);
    } else if (this.#authority.isCurrent(token) && compareTokens(lost, token) <= 0) {
      const isListed = this.ledger.isListed(resource);
      if (!isListed || !this.#shunned.asksAgain(resource, token, incarnation, this.#nowUs)) {
        if (!isListed) this.ordering.asked(resource);
        this.ordering.order(resource, manager, token);
        return;
      }
      mark(this.#options.environment, 'offer that its agent never took');
      this.#shunned.add(resource, manager, this.#nowUs);
      this.assign(resource, manager);
    } else {
      // Agents take nothing new under the ballot of a deposed coordinator: confirm under this one.
      this.#assignTo(resource, manager);
    }
  }

  /** Its holder does not list it. What that was never seen to list may be on its way to it. */
  missed(resource: number, wasListed: boolean): void {
    const token = this.ledger.token(resource);
    const manager = this.ledger.manager(resource);
    if (wasListed || token === null || !this.#authority.isCurrent(token)) {
      this.#whole.doubt(resource, manager);
      this.assign(resource, -1);
    } else {
      this.ordering.order(resource, manager, token);
    }
  }

  // -- holders

  /** It is not managed any more: whoever lists it is to let go, and is told until it has. */
  forget(resource: number): void {
    const move = this.#relocation.take(resource);
    this.#orphans.delete(resource);
    this.ordering.settled(resource);
    const holder = this.ledger.manager(resource);
    const isListed = this.ledger.isListed(resource);
    const token = this.#authority.mint();
    this.ledger.drop(resource, token);
    if (holder !== -1) this.#assignment.loaded(holder, -1);
    // Who was only told to list it is caught when it reports that it does: what it does not list
    // it could not tell to have let go of.
    if (isListed) this.ordering.release(holder, resource, token);
    if (move !== null && move.report !== null) this.ordering.release(move.to, resource, token);
  }

  /** The manager lists what is not managed. */
  disown(manager: Address, resource: number): void {
    const token = this.#authority.mint();
    this.ledger.drop(resource, token);
    this.ordering.release(manager, resource, token);
  }

  /**
   * From now on `manager` holds the resource; whoever lists it lets go. Who was only told to list
   * it is caught when it reports that it does.
   */
  hold(resource: number, manager: Address, token: Token): void {
    const before = this.ledger.manager(resource);
    if (before !== manager || compareTokens(token, this.ledger.token(resource)) !== 0) {
      this.#relocation.take(resource);
    }
    if (before !== manager) {
      if (before !== -1) {
        if (this.ledger.isListed(resource)) this.#members.get(before)?.stale.set(resource, token);
        this.#assignment.loaded(before, -1);
      }
      this.#assignment.loaded(manager, 1);
    }
    this.ledger.set(resource, manager, token);
    this.ordering.settled(resource);
    if (this.#members.get(manager)?.stale.delete(resource)) this.ledger.setListed(resource, true);
    this.#orphans.delete(resource);
  }

  /**
   * As {@link hold}, by hearsay: the manager is still to report it. One that lists it already,
   * under an older token, has done so and was not heeded: true, for it is ordered to, and so
   * reports anew.
   */
  entrust(resource: number, manager: Address, token: Token): boolean {
    const isReported = this.#members.get(manager)?.stale.has(resource) ?? false;
    this.hold(resource, manager, token);
    if (isReported) this.ordering.orderAnew(resource, manager, token);
    return isReported;
  }

  /**
   * Another coordinator hands it over: its manager, which may be dead, or may have let go of it and
   * told nobody who is left, has the detector's time to report it here itself.
   */
  inherit(resource: number, manager: Address, token: Token): void {
    this.entrust(resource, manager, token);
    if (this.ledger.isListed(resource)) return;
    this.#orphans.set(resource, this.#nowUs + this.#options.config.managers.timeoutUs);
  }

  /** The resource may be on its way to a greater assignment: that one has a period to appear. */
  #orphan(resource: number): void {
    this.#orphans.set(resource, this.#nowUs + this.#options.config.managers.heartbeatPeriodUs);
  }

  /** Gives the resource to whom it was on its way to, else to whom the policy chooses. */
  assign(resource: number, except: Address): void {
    const name = this.#whole.model.entity(resource)?.descriptor.name;
    const move = this.#relocation.take(resource);
    if (move !== null && move.to !== except && this.#choosing.isIn(move.to)) {
      this.#assignTo(resource, move.to);
      return;
    }
    const manager = name === undefined ? -1 : this.#choosing.choose(resource, name, except);
    if (manager === -1) this.#orphan(resource);
    else this.#assignTo(resource, manager);
  }

  #assignTo(resource: number, manager: Address): void {
    const token = this.#authority.mint();
    this.hold(resource, manager, token);
    this.ordering.order(resource, manager, token);
  }
}
