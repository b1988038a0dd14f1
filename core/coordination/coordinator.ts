/**
 * The coordinator's role, which one manager plays beside its own: knows the managers, gives
 * resources to them, keeps the whole model and enforces the global rules on it.
 */
import { compareBallots, compareTokens, type Ballot, type Token } from '../identity.js';
import type { Detector } from '../detection/index.js';
import { mark } from '../marks.js';
import type { ActionCheck, ActionOutcome } from '../rules/messages.js';
import type {
  CoordinationMessage, ManagerHeartbeat, ManagerLeave, ModelHandover, ModelSnapshot,
  Registration, ResourceRegister,
} from './messages.js';
import type { PartDelta, PartEntry } from '../metamodel/delta.js';
import type { Address, Environment } from '../process.js';
import type { GlobalRules } from '../rules/index.js';
import { Authority } from './authority.js';
import { Member } from './membership.js';
import { unansweredTolerated } from './orders.js';
import { Placement, type PlacementOptions } from './placement.js';
import type { Copies, CopyChanges } from './copies.js';
import { seedsOf } from './config.js';
import type {
  ResourceDecommission, ResourceEnrol, ResourceRetired,
} from './inventory-messages.js';
import { nextInLine, type Overlay } from '../overlay/index.js';
import { Registry } from './registry.js';
import type { FormerParts } from './standby/parts-copy.js';
import { ManagerTimer } from './timers.js';
import { longSearchUs, triesInVain } from './walk-terms.js';
import { WholeModel, type WholeModelOptions } from './whole-model.js';

/** The chance that a search takes longer than global rules wait for it. */
const hardlyEver = 1e-9;
/** Of those that came during the rebuild: a few milliseconds' work. */
const registrationsPerTurn = 1_000;

export interface CoordinatorOptions
extends PlacementOptions, Omit<WholeModelOptions, 'holderOf'> {
  readonly ballot: Ballot;
  /** Of managers; it watches nobody so far. */
  readonly detector: Detector;
  readonly overlay: Pick<Overlay, 'nodeOf'>;
  /** None without an inventory. */
  readonly copies?: Copies | null;
  /** It was next in line, and knows of all that is registered and what global rules had done. */
  readonly knowsAll?: boolean;
  /** What it knew as a standby of what managers list. */
  readonly parts?: FormerParts | null;
}

export class Coordinator {
  /** Counter of the ballot under which it began; names its rebuild. */
  readonly firstCounter: number;
  readonly #options: CoordinatorOptions;
  readonly #environment: Environment<CoordinationMessage>;
  readonly #authority: Authority;
  readonly #members = new Map<Address, Member>();
  readonly #memberOfRow: Member[] = [];
  readonly #detector: Detector;
  readonly #whole: WholeModel;
  readonly #placement: Placement;
  readonly #registry: Registry | null;
  readonly #electedUs: number;
  /** Global rules are enforced from then on; Infinity: the model is being rebuilt. */
  #rulesFromUs = Infinity;
  /** The same, of groups of which all is known. */
  #someRulesFromUs = Infinity;
  readonly #hasGlobal: boolean;
  /** Of which groups they are, as was told. */
  #enforced: 'none' | 'known' | 'all' = 'none';
  /** This node leaves: it begins nothing that it might not see the end of. */
  #winding = false;
  /** Managers that a new coordinator still waits for; null once its model is rebuilt. */
  #awaited: Set<Address> | null;
  readonly #queued = new Map<number, { entry: Registration; agent: Address }>();
  /** Null once all who could have gone on from there have reported. */
  #former: FormerParts | null;
  /** Who is next in line, as managers are told; null: it is to be found out. */
  #heirs: readonly Address[] | null = null;
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
    this.#hasGlobal = options.rules.rules.some(({ scope }) => scope === 'global');
    this.#environment = options.environment;
    this.#authority = new Authority(options.ballot);
    this.firstCounter = options.ballot.counter;
    this.#awaited = new Set(awaited);
    this.#former = options.parts ?? null;
    this.#electedUs = options.environment.now();
    this.#detector = options.detector;
    this.#whole = new WholeModel({
      ...options, holderOf: (resource) => this.#placement.ledger.manager(resource),
    }, this.#authority, this.#electedUs);
    this.#placement = new Placement(options, this.#authority, this.#members, this.#whole);
    const { copies = null } = options;
    this.#registry = copies === null ? null : new Registry({
      ...options, copies, authority: this.#authority, whole: this.#whole,
      placement: this.#placement,
      line: (count) => this.#nextInLine(count),
    });
  }

  /** The same coordinator goes on under a greater ballot. */
  renew(ballot: Ballot): void {
    // Nothing of an earlier ballot comes about any more.
    this.#placement.endMoves();
    this.#authority.renew(ballot);
  }

  /** The token is one that this coordinator should have given out, or that is beyond it. */
  disowns(token: Token): boolean {
    return this.#authority.isForged(token);
  }

  onHeartbeat(from: Address, message: ManagerHeartbeat): void {
    if (this.#members.get(from)?.isPast(message.part) === true) return;
    const member = this.#hear(from);
    this.#detector.heard(member.row, this.#environment.now());
    this.#whole.heard(from);
    this.#take(member, message.part, message.ballot);
    // What it told a former coordinator on this node is no answer to this one, and what that one
    // left unanswered says nothing of it.
    const isAnswer = compareBallots(message.ballot, this.#options.ballot) >= 0;
    if (isAnswer) this.#noteAnswers(member, message);
    if (member.incarnation === message.part.incarnation && member.version >= message.version) {
      this.#confirmed(member);
      if (isAnswer) this.#reported(member);
    }
    this.#release(member);
    this.#answer(member, message.sequence);
    this.#placement.flush();
  }

  onSnapshot(from: Address, message: ModelSnapshot): void {
    if (this.#members.get(from)?.isPast(message.part) === true) return;
    const member = this.#hear(from);
    this.#detector.seen(member.row, this.#environment.now());
    this.#take(member, message.part, message.ballot);
    // Of what it names: all of it once a period is enough.
    this.#release(member, message.part.entries.map(({ resource }) => resource));
    this.#answer(member, 0);
    this.#placement.flush();
  }

  onRegister(message: ResourceRegister): void {
    if (this.#awaited !== null) mark(this.#environment, 'registration during a rebuild');
    for (const entry of message.entries) {
      if (this.#awaited === null) {
        this.#queued.delete(entry.resource);
        this.#placement.register(entry, message.agent);
      } else {
        this.#queued.set(entry.resource, { entry: { ...entry }, agent: message.agent });
      }
    }
    this.#placement.flush();
  }

  onEnrol(message: ResourceEnrol): void {
    this.#registry?.onEnrol(message);
  }

  onRetired(message: ResourceRetired): void {
    this.#registry?.onRetired(message);
    this.#placement.flush();
  }

  onDecommission(message: ResourceDecommission): void {
    this.#registry?.onDecommission(message);
    this.#placement.flush();
  }

  onCopy(changes: CopyChanges): void {
    this.#registry?.onCopy(changes);
    this.#placement.flush();
  }

  onCopied(): void {
    this.#registry?.onCopied();
  }

  /** The coordinator that stepped down for this one tells what it knew. */
  onHandover(message: ModelHandover): void {
    for (const entry of message.entries) {
      if (compareTokens(entry.token, this.#placement.ledger.token(entry.resource)) <= 0) continue;
      const member = this.#members.get(entry.manager) ?? this.#admit(entry.manager);
      this.#whole.hearsay(entry, member.address);
      this.#placement.inherit(entry.resource, member.address, entry.token);
    }
    this.#placement.flush();
  }

  /** The manager goes: what it holds goes to others, without waiting until it is missed. */
  onLeave(from: Address, { incarnation, done }: ManagerLeave): void {
    if (this.#members.get(from)?.isPast({ incarnation }) === true) return;
    const member = this.#hear(from);
    if (incarnation < member.incarnation || !member.mayLive(incarnation)) return;
    member.leavingLife = incarnation;
    this.#lineChanged();
    this.#placement.exclude(from);
    if (done) this.#retire(member, incarnation);
    else if (this.#awaited === null) this.#placement.empty(from);
    this.#placement.flush();
  }

  /** Ends what is under way and begins no more. */
  windUp(): void {
    this.#winding = true;
  }

  /** What the model says that a resource measures; undefined: it is not in it. */
  measured(resource: number): readonly number[] | null | undefined {
    return this.#whole.model.entity(resource)?.metrics;
  }

  /** Managers that were in and are not any more: a successor need not wait for them. */
  gone(): Address[] {
    const gone = [...this.#members.values()].filter(({ alive }) => !alive);
    return [...gone.map(({ address }) => address), ...this.#absent];
  }

  /** Nothing is on its way from one manager to another. */
  get isQuiet(): boolean {
    return this.#placement.isQuiet;
  }

  onOutcome(outcome: ActionOutcome): void {
    this.#whole.rules.onOutcome(outcome);
    if (this.#options.config.actions.deadlines !== true) return;
    const { resource, state, incarnation } = outcome;
    const agent = this.#whole.model.agent(resource);
    const manager = this.#placement.ledger.manager(resource);
    this.#whole.hearsay(
      { resource, agent, descriptor: null, state, incarnation, metrics: null }, manager,
    );
  }

  /** Other managers that live and stay. */
  others(): Address[] {
    return [...this.#members.values()]
      .filter(({ alive, isLeaving, address }) =>
        alive && !isLeaving && address !== this.#environment.address)
      .map(({ address }) => address);
  }

  /** What global rules keep in mind, for the next in line. */
  get rules(): GlobalRules {
    return this.#whole.rules;
  }

  onCheck(check: ActionCheck): void {
    this.#whole.rules.onCheck(check);
  }

  /** Of the manager in that row of the detector; -1: this node itself, which needs no asking. */
  addressOf(row: number): Address {
    const { address } = this.#memberOfRow[row];
    return address === this.#environment.address ? -1 : address;
  }

  /** The periodic look at managers, whose silence counts as of `judgedUs`, orphans and rules. */
  check(nowUs: number, judgedUs: number): void {
    this.#detector.check(judgedUs, (row) => this.#suspect(this.#memberOfRow[row]));
    this.#placement.check(nowUs, this.#awaited === null);
    this.#registry?.check(nowUs);
    if (nowUs >= this.#someRulesFromUs) this.#enforce(nowUs);
    // Who is heard no sooner will tell everything.
    if (nowUs - this.#electedUs > this.#options.config.managers.timeoutUs) this.#former = null;
    if (nowUs >= this.#rulesFromUs && !this.#winding) this.#placement.balance(nowUs);
    this.#placement.flush();
  }

  #enforce(nowUs: number): void {
    const groups = nowUs >= this.#rulesFromUs ? 'all' : 'known';
    if (groups !== this.#enforced && this.#hasGlobal) {
      this.#enforced = groups;
      const { ballot } = this.#authority;
      this.#environment.observe({ type: 'rules-enforced', ballot, groups });
    }
    this.#whole.age();
    this.#whole.rules.tick(nowUs, groups === 'known');
  }

  /** Whether its rules act, on some groups at least. */
  get enforces(): boolean {
    return this.#environment.now() >= this.#someRulesFromUs;
  }

  /** This node stood still. */
  stalled(): void {
    this.#detector.stalled?.();
  }

  /** Enough waited: what has not reported now is taken for gone. */
  finishRebuild(): void {
    if (this.#awaited === null) return;
    if (this.#awaited.size > 0) {
      mark(this.#environment, 'rebuilt without some managers');
    }
    this.#awaited = null;
    this.#rulesFromUs = this.#electedUs + this.#registeredAnewUs();
    // What nobody reports is unknown from now on, and what that is the matter with waits.
    this.#someRulesFromUs = this.#options.knowsAll === true
      ? this.#environment.now() : this.#rulesFromUs;
    this.#environment.observe({
      type: 'model-rebuilt', ballot: this.#authority.ballot, managers: this.#members.size,
    });
    for (const member of this.#members.values()) {
      if (member.isLeaving) this.#placement.empty(member.address);
    }
    this.#registry?.rebuilt();
    this.registerQueued();
  }

  /** Resources that lost their managers too are missing until their agents have found others. */
  #registeredAnewUs(): number {
    const { config, seeds: { length: known } } = this.#options;
    const { resources } = config;
    const seeds = seedsOf(config, known);
    const gone = Math.min(seeds, Math.max(0, known - this.#members.size));
    const outlook = { near: seeds, far: 0, nearGone: gone, farGone: 0 };
    const tries = triesInVain(outlook, 0, hardlyEver) + 1;
    return resources.heartbeatPeriodUs + longSearchUs(resources, tries, seeds);
  }

  /** Registers who asked during the rebuild, not so many at once that nobody else has a turn. */
  registerQueued(): void {
    let left = registrationsPerTurn;
    for (const [resource, { entry, agent }] of this.#queued) {
      if (left === 0) break;
      left -= 1;
      this.#queued.delete(resource);
      this.#placement.register(entry, agent);
    }
    this.#placement.flush();
    if (this.#queued.size === 0) return;
    this.#environment.after(0, ManagerTimer.queued, this.firstCounter);
  }

  /** Steps down: hands over the whole model in pieces. */
  resign(successor: Ballot): void {
    const limit = this.#options.config.entriesPerMessage;
    const { model } = this.#whole;
    const { ledger } = this.#placement;
    const collected: (PartEntry & { manager: Address })[] = [];
    const send = (entries: typeof collected): void => {
      this.#options.send(successor.address, { type: 'model-handover', ballot: successor, entries });
    };
    for (let resource = 0; resource < model.extent; resource += 1) {
      const entity = model.entity(resource);
      const token = ledger.token(resource);
      if (entity === null || token === null) continue;
      collected.push({
        resource, token, removed: false, agent: model.agent(resource),
        descriptor: entity.descriptor, state: entity.state, incarnation: entity.incarnation,
        metrics: entity.metrics, manager: ledger.manager(resource),
      });
      if (collected.length >= limit) send(collected.splice(0));
    }
    // Even an empty hand-over tells the successor that it met another coordinator.
    send(collected);
    for (const { row } of this.#memberOfRow) this.#detector.forget(row);
    this.#whole.rules.clear();
  }

  // -- managers

  #admit(manager: Address): Member {
    const member = new Member(manager, this.#memberOfRow.length);
    this.#memberOfRow.push(member);
    this.#members.set(manager, member);
    this.#absent.delete(manager);
    this.#placement.include(member);
    this.#detector.watch(member.row, this.#environment.now());
    this.#lineChanged();
    return member;
  }

  /** Who is next in line for the role, so many at most. */
  #nextInLine(count: number): Address[] {
    const heirs = [...this.#members.values()].filter(({ address, alive, isLeaving, isDeaf }) =>
      address !== this.#environment.address && alive && !isLeaving && !isDeaf);
    const addresses = heirs.map(({ address }) => address);
    return nextInLine(addresses, this.#options.overlay, count);
  }

  #lineChanged(): void {
    this.#heirs = null;
    this.#registry?.lineChanged();
  }

  /** Null: it is not known yet who there is. */
  get #line(): readonly Address[] | null {
    if (this.#awaited !== null) return null;
    const { standbys = 0 } = this.#options.config;
    return this.#heirs ??= this.#registry === null ? [] : this.#nextInLine(standbys);
  }

  #hear(manager: Address): Member {
    const member = this.#members.get(manager) ?? this.#admit(manager);
    if (!member.alive) {
      member.alive = true;
      this.#placement.returned(member);
      this.#lineChanged();
      this.#environment.observe({ type: 'manager-trusted', manager });
    }
    return member;
  }

  #suspect(member: Member): void {
    this.#environment.observe({ type: 'manager-suspected', manager: member.address });
    this.#placement.lost(member);
    this.#lineChanged();
  }

  /** It has gone of its own accord. */
  #retire(member: Member, incarnation: number): void {
    member.takeLeave(incarnation);
    this.#detector.forget(member.row);
    this.#placement.left(member);
    this.#lineChanged();
    if (this.#awaited?.delete(member.address) && this.#awaited.size === 0) this.finishRebuild();
  }

  /** Nothing new goes to one that does not hear what it is told. */
  #noteAnswers(member: Member, { sequence, unanswered, part }: ManagerHeartbeat): void {
    if (part.incarnation !== member.incarnation) return;
    const tolerated = unansweredTolerated(this.#options.config);
    if (!member.tellsUnanswered(sequence, unanswered, tolerated)) return;
    this.#lineChanged();
    if (member.isDeaf) {
      mark(this.#environment, 'manager that does not hear the coordinator');
      this.#placement.exclude(member.address);
    } else {
      this.#placement.include(member);
    }
  }

  #answer(member: Member, sequence: number): void {
    this.#options.send(member.address, {
      type: 'manager-heartbeat-answer', sequence, ballot: this.#authority.ballot,
      incarnation: member.incarnation, version: member.version, heirs: this.#line,
    });
  }

  /** The member's whole part is known. */
  #confirmed(member: Member): void {
    const { unconfirmed } = member;
    member.unconfirmed = null;
    if (unconfirmed !== null) {
      for (const [resource, wasListed] of unconfirmed) {
        const manager = this.#placement.ledger.manager(resource);
        if (manager === member.address) this.#placement.missed(resource, wasListed);
      }
    }
  }

  /** It has told all. */
  #reported({ address }: Member): void {
    if (this.#awaited === null) return;
    this.#awaited.delete(address);
    if (this.#awaited.size === 0) this.finishRebuild();
  }

  /** Repeats what the manager should let go of, until it tells that it did. */
  #release(member: Member, some?: readonly number[]): void {
    if (member.stale.size === 0) return;
    const { stale } = member;
    const told = some?.filter((resource) => stale.has(resource)) ?? [...stale.keys()];
    const all = told.map((resource) => ({ resource, token: stale.get(resource)! }));
    const limit = this.#options.config.entriesPerMessage;
    for (let start = 0; start < all.length; start += limit) {
      this.#options.send(member.address, {
        type: 'resource-release', ballot: this.#authority.ballot,
        entries: all.slice(start, start + limit),
      });
    }
  }

  // -- parts of the model

  /** What this node knows as a standby the manager need not tell. */
  #recall(member: Member, { incarnation, from }: PartDelta, ballot: Ballot): void {
    const known = this.#former?.take(member.address) ?? null;
    if (known === null || known.incarnation !== incarnation || known.to < from) return;
    this.#take(member, known, ballot);
  }

  #take(member: Member, delta: PartDelta, ballot: Ballot): void {
    if (delta.incarnation < member.incarnation || !member.mayTell(delta)) return;
    if (member.incarnation < 0 && delta.from > 0) this.#recall(member, delta, ballot);
    const newLife = delta.incarnation > member.incarnation;
    // Between two ballots it may have told another coordinator what it let go of, and no one since.
    const isNew = member.address !== this.#environment.address &&
      this.#authority.isOf(ballot) && compareBallots(ballot, member.ballot) !== 0;
    const isWhole = delta.from === 0 && member.version > 0 && delta.to >= member.version;
    if (isNew) member.ballot = ballot;
    if (newLife || isWhole || (isNew && member.version > 0)) {
      if (newLife) mark(this.#environment, 'manager back in a new life');
      if (newLife && member.incarnation >= 0) {
        this.#placement.livesAnew(member);
        this.#registry?.livesAnew(member.address);
      }
      // What it has just been told to list may be on its way to it, if this is the same life.
      member.unconfirmed = new Map(this.#placement.tellsAnew(member)
        .filter(([, isListed]) => newLife || isListed));
      const left = member.isLeaving;
      member.restart(delta.incarnation);
      if (left) this.#placement.include(member);
    }
    if (delta.from > member.version) {
      mark(this.#environment, 'gap in the deltas of a manager');
      // All of the system may have come to one manager, and its part comes in any order.
      const pieces = this.#whole.model.extent / this.#options.config.entriesPerMessage;
      member.keepAhead(delta, pieces);
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
      const nowUs = this.#environment.now();
      for (const entry of next.entries) {
        if (this.#registry?.disowns(member.address, entry, nowUs) === true) continue;
        this.#placement.apply(member, entry);
      }
      member.version = next.to;
    }
  }

  /** Whether everything in it is described, there or before. */
  #isReadable(delta: PartDelta): boolean {
    return delta.entries.every(({ resource, removed, descriptor }) =>
      removed || descriptor !== null || this.#whole.model.has(resource));
  }
}
