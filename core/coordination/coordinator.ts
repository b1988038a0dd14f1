/**
 * The coordinator's role, which one manager plays beside its own: knows the managers, gives
 * resources to them, keeps the whole model and enforces the global rules on it.
 */
import type { CoreConfig } from '../config.js';
import {
  compareBallots, compareTokens, type Ballot, type NodeId, type Token,
} from '../identity.js';
import { createDetector, type Detector } from '../detection/index.js';
import { mark } from '../marks.js';
import type {
  ActionOutcome, Assignment as Assigned, ManagerHeartbeat, ManagerLeave, Message, ModelHandover,
  ModelSnapshot, PartDelta, PartEntry, Registration, ResourceRegister,
} from '../messages.js';
import { Model, type Report } from '../metamodel/model.js';
import type { Address, Environment } from '../process.js';
import { GlobalRules, type RuleSet } from '../rules/index.js';
import { createAssignment, type Assignment } from './assignment.js';
import { Ledger } from './ledger.js';
import { Member } from './membership.js';
import { Relocation, type Move } from './relocation.js';
import { ManagerTimer } from './timers.js';

/** Of those that came during the rebuild: a few milliseconds' work. */
const registrationsPerTurn = 1_000;

export interface CoordinatorOptions {
  readonly environment: Environment;
  readonly config: CoreConfig;
  readonly rules: RuleSet;
  readonly ballot: Ballot;
  nodeOf(manager: Address): NodeId;
  /** To a manager or an agent; this node's own manager too. */
  send(to: Address, message: Message): void;
}

/** A resource without a holder, to be assigned once `dueUs` has come. */
interface Orphan {
  readonly dueUs: number;
}

export class Coordinator {
  /** Counter of the ballot under which it began; names its rebuild. */
  readonly firstCounter: number;
  readonly #options: CoordinatorOptions;
  readonly #environment: Environment;
  #ballot: Ballot;
  #sequence = 0;
  readonly #members = new Map<Address, Member>();
  readonly #memberOfRow: Member[] = [];
  readonly #detector: Detector;
  readonly #assignment: Assignment;
  readonly #ledger = new Ledger();
  readonly #model = new Model();
  readonly #rules: GlobalRules;
  /** Global rules are enforced from then on. */
  readonly #rulesFromUs: number;
  readonly #orphans = new Map<number, Orphan>();
  readonly #relocation: Relocation;
  /** This node leaves: it begins nothing that it might not see the end of. */
  #winding = false;
  /** Managers that a new coordinator still waits for; null once its model is rebuilt. */
  #awaited: Set<Address> | null;
  readonly #queued = new Map<number, { entry: Registration; agent: Address }>();
  /** Assignments decided while one message is handled; sent together at its end. */
  readonly #outgoing = new Map<Address, Assigned[]>();

  /** Managers that its predecessor knew to be down, and that it has not heard itself. */
  readonly #absent: Set<Address>;

  /**
   * @param awaited the managers that should report before assignments and global rules begin
   * @param gone those that are known to be down
   */
  constructor(
    options: CoordinatorOptions, awaited: Iterable<Address>, gone: readonly Address[] = [],
  ) {
    this.#absent = new Set(gone);
    this.#options = options;
    this.#environment = options.environment;
    this.#ballot = options.ballot;
    this.firstCounter = options.ballot.counter;
    this.#awaited = new Set(awaited);
    // Resources that lost their managers as well are missing until they have registered anew.
    const { heartbeatPeriodUs, retryMaxUs } = options.config.resources;
    this.#rulesFromUs = options.environment.now() + heartbeatPeriodUs + retryMaxUs;
    const { assignment, detection, managers, plugged } = options.config;
    this.#detector = createDetector(detection, managers, plugged?.detection);
    this.#assignment = createAssignment(assignment.name, plugged?.assignment);
    this.#relocation = new Relocation({
      config: options.config, ledger: this.#ledger, model: this.#model,
      assignment: this.#assignment,
      able: () => this.#able(),
      mint: () => this.#mint(),
      send: (to, entries) =>
        options.send(to, { type: 'resource-hand-over', ballot: this.#ballot, entries }),
    });
    this.#rules = new GlobalRules(options.rules, options.config.actions, {
      send: (resource, request) => {
        const authority: Token = { ballot: this.#ballot, sequence: 0 };
        options.send(this.#model.agent(resource), { ...request, authority });
      },
      observe: (observation) => this.#environment.observe(observation),
      now: () => this.#environment.now(),
    }, options.ballot.counter * 1e6);
  }

  /** The same coordinator goes on under a greater ballot. */
  renew(ballot: Ballot): void {
    // What a next holder lists already has come about; nothing else of an earlier ballot does.
    for (const move of this.#relocation.all()) this.#fallBack(move);
    this.#ballot = ballot;
    this.#sequence = 0;
  }

  onHeartbeat(from: Address, message: ManagerHeartbeat): void {
    const member = this.#hear(from);
    this.#detector.heard(member.row, this.#environment.now());
    this.#take(member, message.part);
    if (member.incarnation === message.part.incarnation && member.version >= message.version) {
      this.#confirmed(member);
    }
    this.#release(member);
    this.#answer(member, message.sequence);
    this.#flush();
  }

  onSnapshot(from: Address, message: ModelSnapshot): void {
    const member = this.#hear(from);
    this.#detector.seen(member.row, this.#environment.now());
    this.#take(member, message.part);
    this.#release(member);
    this.#answer(member, 0);
    this.#flush();
  }

  onRegister(message: ResourceRegister): void {
    if (this.#awaited !== null) mark(this.#environment, 'registration during a rebuild');
    for (const entry of message.entries) {
      if (this.#awaited === null) {
        this.#queued.delete(entry.resource);
        this.#register(entry, message.agent);
      } else {
        this.#queued.set(entry.resource, { entry: { ...entry }, agent: message.agent });
      }
    }
    this.#flush();
  }

  /** The coordinator that stepped down for this one tells what it knew. */
  onHandover(message: ModelHandover): void {
    for (const entry of message.entries) {
      if (compareTokens(entry.token, this.#ledger.token(entry.resource)) <= 0) continue;
      // Its manager has the detector's time to report here itself.
      const member = this.#members.get(entry.manager) ?? this.#admit(entry.manager);
      this.#hold(entry.resource, member.address, entry.token);
      this.#hearsay(entry, member.address);
    }
    this.#flush();
  }

  /** The manager goes: what it holds goes to others, without waiting until it is missed. */
  onLeave(from: Address, { incarnation, done }: ManagerLeave): void {
    const member = this.#hear(from);
    if (incarnation < member.incarnation) return;
    member.leavingLife = incarnation;
    this.#assignment.remove(from);
    if (done) this.#retire(member);
    else if (this.#awaited === null) this.#relocation.empty(from, this.#environment.now());
    this.#flush();
  }

  /** Ends what is under way and begins no more. */
  windUp(): void {
    this.#winding = true;
  }

  /** Managers that were in and are not any more: a successor need not wait for them. */
  gone(): Address[] {
    const gone = [...this.#members.values()].filter(({ alive }) => !alive);
    return [...gone.map(({ address }) => address), ...this.#absent];
  }

  /** Nothing is on its way from one manager to another. */
  get isQuiet(): boolean {
    return this.#relocation.isQuiet;
  }

  onOutcome(outcome: ActionOutcome): void {
    this.#rules.onOutcome(outcome);
  }

  /** The periodic look at managers, orphans and rules. */
  check(nowUs: number): void {
    this.#detector.check(nowUs, (row) => this.#suspect(this.#memberOfRow[row]));
    for (const [resource, { dueUs }] of this.#orphans) {
      if (dueUs <= nowUs && this.#awaited === null) this.#assign(resource, -1);
    }
    const { press, lost } = this.#relocation.overdue(nowUs);
    for (const { resource, to, token } of press) this.#order(resource, to, token);
    for (const move of lost) this.#fallBack(move);
    if (this.#awaited === null && nowUs >= this.#rulesFromUs) {
      this.#rules.tick(nowUs);
      if (!this.#winding) this.#relocation.balance(nowUs);
    }
    this.#flush();
  }

  /** This node was stalled: the silence it finds is its own. */
  forgive(nowUs: number): void {
    this.#detector.forgive(nowUs);
  }

  /** Enough waited: what has not reported now is taken for gone. */
  finishRebuild(): void {
    if (this.#awaited === null) return;
    if (this.#awaited.size > 0) {
      mark(this.#environment, 'rebuilt without some managers');
    }
    this.#awaited = null;
    this.#environment.observe({
      type: 'model-rebuilt', ballot: this.#ballot, managers: this.#members.size,
    });
    for (const member of this.#members.values()) {
      const { address } = member;
      if (member.isLeaving) this.#relocation.empty(address, this.#environment.now());
    }
    this.registerQueued();
  }

  /** Registers who asked during the rebuild, not so many at once that nobody else has a turn. */
  registerQueued(): void {
    let left = registrationsPerTurn;
    for (const [resource, { entry, agent }] of this.#queued) {
      if (left === 0) break;
      left -= 1;
      this.#queued.delete(resource);
      this.#register(entry, agent);
    }
    this.#flush();
    if (this.#queued.size === 0) return;
    this.#environment.after(0, ManagerTimer.queued, this.firstCounter);
  }

  /** Steps down: hands over the whole model in pieces. */
  resign(successor: Ballot): void {
    const limit = this.#options.config.entriesPerMessage;
    let entries: (PartEntry & { manager: Address })[] = [];
    const send = (): void => {
      this.#options.send(successor.address, { type: 'model-handover', ballot: successor, entries });
      entries = [];
    };
    for (let resource = 0; resource < this.#model.extent; resource += 1) {
      const entity = this.#model.entity(resource);
      const token = this.#ledger.token(resource);
      if (entity === null || token === null) continue;
      entries.push({
        resource, token, removed: false, agent: this.#model.agent(resource),
        descriptor: entity.descriptor, state: entity.state, incarnation: entity.incarnation,
        metrics: entity.metrics, manager: this.#ledger.manager(resource),
      });
      if (entries.length >= limit) send();
    }
    // Even an empty hand-over tells the successor that it met another coordinator.
    send();
    this.#rules.clear();
  }

  // -- managers

  #admit(manager: Address): Member {
    const member = new Member(manager, this.#memberOfRow.length);
    this.#memberOfRow.push(member);
    this.#members.set(manager, member);
    this.#absent.delete(manager);
    this.#include(member);
    this.#detector.watch(member.row, this.#environment.now());
    return member;
  }

  #hear(manager: Address): Member {
    const member = this.#members.get(manager) ?? this.#admit(manager);
    if (!member.alive) {
      member.alive = true;
      this.#include(member);
      this.#environment.observe({ type: 'manager-trusted', manager });
    }
    return member;
  }

  /** From now on resources go to it. */
  #include(member: Member): void {
    const { address } = member;
    if (member.isLeaving) return;
    const load = this.#relocation.load(address);
    this.#assignment.add(address, this.#options.nodeOf(address), load);
  }

  *#able(): Generator<Address> {
    for (const member of this.#members.values()) {
      if (member.alive && !member.isLeaving) yield member.address;
    }
  }

  #suspect(member: Member): void {
    const manager = member.address;
    this.#environment.observe({ type: 'manager-suspected', manager });
    // Some agents may have gone over to it already: a new token brings them back at once.
    for (const { resource, from } of this.#relocation.to(manager)) this.#assignTo(resource, from);
    this.#bury(member);
  }

  /** It has gone of its own accord. */
  #retire(member: Member): void {
    this.#detector.forget(member.row);
    for (const { resource, from, report } of this.#relocation.to(member.address)) {
      if (report === null) this.#relocation.take(resource);
      else this.#assignTo(resource, from);
    }
    this.#bury(member);
    if (this.#awaited?.delete(member.address) && this.#awaited.size === 0) this.finishRebuild();
  }

  #bury(member: Member): void {
    const manager = member.address;
    member.alive = false;
    this.#assignment.remove(manager);
    for (const resource of this.#ledger.resourcesOf(manager)) this.#assign(resource, manager);
  }

  #answer(member: Member, sequence: number): void {
    this.#options.send(member.address, {
      type: 'manager-heartbeat-answer', sequence, ballot: this.#ballot,
      incarnation: member.incarnation, version: member.version,
    });
  }

  /** The member's whole part is known. */
  #confirmed(member: Member): void {
    const { unconfirmed } = member;
    member.unconfirmed = null;
    if (unconfirmed !== null) {
      for (const resource of unconfirmed) {
        if (this.#ledger.manager(resource) === member.address) this.#assign(resource, -1);
      }
    }
    if (this.#awaited === null) return;
    this.#awaited.delete(member.address);
    if (this.#awaited.size === 0) this.finishRebuild();
  }

  /** Repeats what the manager should let go of, until it tells that it did. */
  #release(member: Member): void {
    if (member.stale.size === 0) return;
    const all = Array.from(member.stale, ([resource, token]) => ({ resource, token }));
    // What does not fit is released once the rest was let go.
    const entries = all.slice(0, this.#options.config.entriesPerMessage);
    this.#options.send(member.address, {
      type: 'resource-release', ballot: this.#ballot, entries,
    });
  }

  // -- parts of the model

  #take(member: Member, delta: PartDelta): void {
    if (delta.incarnation < member.incarnation) return;
    const newLife = delta.incarnation > member.incarnation;
    if (newLife || (delta.from === 0 && member.version > 0 && delta.to >= member.version)) {
      if (newLife) mark(this.#environment, 'manager back in a new life');
      // What it listed before counts only if it lists it again; what it has just been told to list
      // may still be on its way to it, if this is the same life.
      member.unconfirmed = new Set(this.#ledger.resourcesOf(member.address)
        .filter((resource) => newLife || this.#ledger.isListed(resource)));
      for (const resource of member.unconfirmed) this.#ledger.setListed(resource, false);
      const left = member.isLeaving;
      member.restart(delta.incarnation);
      if (left) this.#include(member);
    }
    if (delta.from > member.version) {
      mark(this.#environment, 'gap in the deltas of a manager');
      member.keepAhead(delta);
      return;
    }
    for (let next: PartDelta | undefined = delta; next !== undefined; next = member.takeNext()) {
      if (next.to <= member.version) continue;
      if (!this.#isReadable(next)) {
        mark(this.#environment, 'delta meant for a former coordinator');
        // It was meant for one who knew more: a former coordinator on this node. From the start.
        member.restart(delta.incarnation);
        return;
      }
      for (const entry of next.entries) this.#apply(member, entry);
      member.version = next.to;
    }
  }

  /** Whether everything in it is described, there or before. */
  #isReadable(delta: PartDelta): boolean {
    return delta.entries.every(({ resource, removed, descriptor }) =>
      removed || descriptor !== null || this.#model.has(resource));
  }

  #apply(member: Member, entry: PartEntry): void {
    const { resource, token } = entry;
    const manager = member.address;
    if (this.#relocation.keeps(manager, entry)) return;
    member.unconfirmed?.delete(resource);
    const held = this.#ledger.token(resource);
    const holds = this.#ledger.manager(resource) === manager;
    const late = compareTokens(token, held) < 0;
    if (entry.removed) {
      member.stale.delete(resource);
      if (!holds) return;
      this.#ledger.setListed(resource, false);
      const move = this.#relocation.take(resource);
      if (move === null) this.#orphan(resource);
      else this.#arrive(move, entry);
    } else if (late && !holds) {
      member.stale.set(resource, held!);
    } else {
      // The holder goes on under an older token: the order with the newer one was lost.
      if (late) this.#order(resource, manager, held!);
      else this.#hold(resource, manager, token);
      this.#ledger.setListed(resource, true);
      this.#report(entry, manager);
    }
  }

  /** The former holder has let go, for the agent obeys the next one; `last` are its last words. */
  #arrive({ resource, from, to, token, why, report }: Move, last: PartEntry): void {
    // They may hold a change that it had not told before, and the next holder is still to tell.
    this.#report(last, from);
    if (!this.#isIn(to)) {
      this.#assign(resource, to);
      return;
    }
    this.#hold(resource, to, token);
    this.#environment.observe({ type: 'resource-moved', resource, from, to, why });
    if (report === null) return;
    this.#ledger.setListed(resource, true);
    this.#report(report, to);
  }

  /** The move did not end as it should: who reports the greater token has the resource. */
  #fallBack({ resource, to, token, report }: Move): void {
    mark(this.#environment, 'move given up');
    this.#relocation.take(resource);
    if (report === null || !this.#isIn(to)) return;
    this.#hold(resource, to, token);
    this.#ledger.setListed(resource, true);
    this.#report(report, to);
  }

  #isIn(manager: Address): boolean {
    return this.#members.get(manager)?.alive ?? false;
  }

  /** The resource may be on its way to a greater assignment: that one has a period to appear. */
  #orphan(resource: number): void {
    const dueUs = this.#environment.now() + this.#options.config.managers.heartbeatPeriodUs;
    this.#orphans.set(resource, { dueUs });
  }

  /**
   * From now on `manager` holds the resource; whoever lists it lets go. Who was only told to list
   * it is caught when it reports that it does.
   */
  #hold(resource: number, manager: Address, token: Token): void {
    const before = this.#ledger.manager(resource);
    if (before !== manager || compareTokens(token, this.#ledger.token(resource)) !== 0) {
      this.#relocation.take(resource);
    }
    if (before !== manager) {
      if (before !== -1) {
        if (this.#ledger.isListed(resource)) this.#members.get(before)?.stale.set(resource, token);
        this.#assignment.loaded(before, -1);
      }
      this.#assignment.loaded(manager, 1);
    }
    this.#ledger.set(resource, manager, token);
    if (this.#members.get(manager)?.stale.delete(resource)) this.#ledger.setListed(resource, true);
    this.#orphans.delete(resource);
  }

  /**
   * What others than the resource's manager say may be old: it may have waited in a paused node.
   * Only a later incarnation is news, for then the manager's own report is still to come.
   */
  #hearsay(report: Report, manager: Address): void {
    const known = this.#model.entity(report.resource);
    if (known === null || report.incarnation > known.incarnation) this.#report(report, manager);
  }

  #report(report: Report, manager: Address): void {
    const change = this.#model.update(report);
    if (change === 'nothing') return;
    const entity = this.#model.entity(report.resource)!;
    if (change === 'state') {
      const { resource, state, incarnation } = entity;
      this.#environment.observe({ type: 'model-entity', resource, state, incarnation, manager });
    } else if (!this.#rules.readsMetrics(entity.descriptor.kind)) {
      return;
    }
    this.#rules.update(entity);
  }

  // -- assignment

  /** Idempotent: an agent asks again until it is answered. */
  #register(entry: Registration, agent: Address): void {
    const { resource, lost, silent } = entry;
    // Its agent obeys nobody now: it may as well go where the resource was on its way to.
    const move = this.#relocation.listed(resource);
    if (move !== null) this.#fallBack(move);
    const token = this.#ledger.token(resource);
    const manager = this.#ledger.manager(resource);
    this.#hearsay({ ...entry, agent, metrics: null }, manager);
    const member = this.#members.get(manager);
    if (member === undefined || !member.alive || manager === silent || token === null) {
      this.#assign(resource, silent);
    } else if (this.#isCurrent(token) && compareTokens(lost, token) <= 0) {
      this.#order(resource, manager, token);
    } else {
      // Agents take nothing new under the ballot of a deposed coordinator: confirm under this one.
      this.#assignTo(resource, manager);
    }
  }

  #isCurrent(token: Token): boolean {
    return compareBallots(token.ballot, this.#ballot) === 0;
  }

  #assign(resource: number, except: Address): void {
    const entity = this.#model.entity(resource);
    const move = this.#relocation.take(resource);
    if (move !== null && move.to !== except && this.#isIn(move.to)) {
      this.#assignTo(resource, move.to);
      return;
    }
    const manager = entity === null
      ? -1
      : this.#assignment.choose(entity.descriptor.name, except);
    if (manager === -1) this.#orphan(resource);
    else this.#assignTo(resource, manager);
  }

  #assignTo(resource: number, manager: Address): void {
    const token = this.#mint();
    this.#hold(resource, manager, token);
    this.#order(resource, manager, token);
  }

  #mint(): Token {
    this.#sequence += 1;
    return Object.freeze({ ballot: this.#ballot, sequence: this.#sequence });
  }

  #order(resource: number, manager: Address, token: Token): void {
    const { descriptor, state, incarnation } = this.#model.entity(resource)!;
    const agent = this.#model.agent(resource);
    const entries = this.#outgoing.get(manager) ?? [];
    entries.push({ resource, agent, token, descriptor, state, incarnation });
    this.#outgoing.set(manager, entries);
  }

  #flush(): void {
    if (this.#outgoing.size === 0) return;
    const limit = this.#options.config.entriesPerMessage;
    for (const [manager, all] of this.#outgoing) {
      for (let start = 0; start < all.length; start += limit) {
        const entries = all.slice(start, start + limit);
        this.#options.send(manager, { type: 'resource-assign', ballot: this.#ballot, entries });
      }
    }
    this.#outgoing.clear();
  }
}
