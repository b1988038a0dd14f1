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
  ResourceRegister,
} from './messages.js';
import type { PartEntry } from '../metamodel/delta.js';
import type { Address, Environment } from '../process.js';
import type { GlobalRules } from '../rules/index.js';
import { Assembling } from './assembling.js';
import { Authority } from './authority.js';
import { Member } from './membership.js';
import { unansweredTolerated } from './orders.js';
import { Placement, type PlacementOptions } from './placement.js';
import type { Copies, CopyChanges } from './copies.js';
import type { RegistryMessage } from './inventory-messages.js';
import { nextInLine, type Overlay } from '../overlay/index.js';
import { Rebuild } from './rebuild.js';
import { Registry } from './registry.js';
import type { FormerParts } from './standby/parts-copy.js';
import { ManagerTimer } from './timers.js';
import { WholeModel, type WholeModelOptions } from './whole-model.js';

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
  readonly #assembling: Assembling;
  readonly #electedUs: number;
  /** This node leaves: it begins nothing that it might not see the end of. */
  #winding = false;
  readonly #rebuild: Rebuild;
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
    this.#environment = options.environment;
    this.#authority = new Authority(options.ballot);
    this.firstCounter = options.ballot.counter;
    this.#electedUs = options.environment.now();
    this.#rebuild = new Rebuild({
      awaited, config: options.config, configured: options.seeds.length,
      electedUs: this.#electedUs, knowsAll: options.knowsAll === true,
    });
    this.#detector = options.detector;
    this.#whole = new WholeModel({
      ...options, holderOf: (resource) => this.#placement.ledger.manager(resource),
    }, this.#authority, this.#electedUs);
    this.#placement = new Placement(options, this.#authority, this.#members, this.#whole);
    const { copies = null } = options;
    const common = {
      ...options, authority: this.#authority, whole: this.#whole, placement: this.#placement,
    };
    this.#registry = copies === null ? null : new Registry({
      ...common, copies, line: (count) => this.#nextInLine(count),
    });
    this.#assembling = new Assembling({ ...common, registry: this.#registry });
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
    this.#assembling.take(member, message.part, message.ballot);
    // What it told a former coordinator on this node is no answer to this one, and what that one
    // left unanswered says nothing of it.
    const isAnswer = compareBallots(message.ballot, this.#options.ballot) >= 0;
    if (isAnswer) this.#noteAnswers(member, message);
    if (member.incarnation === message.part.incarnation && member.version >= message.version) {
      this.#assembling.confirmed(member);
      if (isAnswer && this.#rebuild.heard(from)) this.finishRebuild();
    }
    this.#placement.ordering.repeatReleases(member);
    this.#answer(member, message.sequence);
    this.#placement.ordering.flush();
  }

  onSnapshot(from: Address, message: ModelSnapshot): void {
    if (this.#members.get(from)?.isPast(message.part) === true) return;
    const member = this.#hear(from);
    this.#detector.seen(member.row, this.#environment.now());
    this.#assembling.take(member, message.part, message.ballot);
    // Of what it names: all of it once a period is enough.
    const named = message.part.entries.map(({ resource }) => resource);
    this.#placement.ordering.repeatReleases(member, named);
    this.#answer(member, 0);
    this.#placement.ordering.flush();
  }

  onRegister(message: ResourceRegister): void {
    if (!this.#rebuild.isOver) mark(this.#environment, 'registration during a rebuild');
    for (const entry of message.entries) {
      if (this.#rebuild.isOver) {
        this.#rebuild.unqueue(entry.resource);
        this.#placement.register(entry, message.agent);
      } else {
        this.#rebuild.queue(entry, message.agent);
      }
    }
    this.#placement.ordering.flush();
  }

  onRegistry(message: RegistryMessage): void {
    this.#registry?.receive(message);
    this.#placement.ordering.flush();
  }

  onCopy(changes: CopyChanges): void {
    this.#registry?.onCopy(changes);
    this.#placement.ordering.flush();
  }

  onCopied(): void {
    this.#registry?.onCopied();
  }

  /** The coordinator that stepped down for this one tells what it knew. */
  onHandover(message: ModelHandover): void {
    for (const entry of message.entries) {
      if (compareTokens(entry.token, this.#placement.ledger.token(entry.resource)) <= 0) continue;
      // The manager itself is still to tell, and is told then.
      if (this.#placement.disputes.isOne(entry)) continue;
      const member = this.#members.get(entry.manager) ?? this.#admit(entry.manager);
      this.#whole.hearsay(entry, member.address);
      this.#placement.inherit(entry.resource, member.address, entry.token);
    }
    this.#placement.ordering.flush();
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
    else if (this.#rebuild.isOver) this.#placement.empty(from);
    this.#placement.ordering.flush();
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
    this.#whole.onOutcome(outcome);
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
    this.#placement.check(nowUs, this.#rebuild.isOver);
    this.#registry?.check(nowUs);
    if (nowUs >= this.#rebuild.someRulesFromUs) {
      this.#whole.enforce(nowUs >= this.#rebuild.rulesFromUs ? 'all' : 'known', nowUs);
    }
    const { timeoutUs } = this.#options.config.managers;
    if (nowUs - this.#electedUs > timeoutUs) this.#assembling.forgetFormer();
    if (nowUs >= this.#rebuild.rulesFromUs && !this.#winding) this.#placement.balance(nowUs);
    this.#placement.ordering.flush();
  }

  /** Whether its rules act, on some groups at least. */
  get enforces(): boolean {
    return this.#environment.now() >= this.#rebuild.someRulesFromUs;
  }

  /** This node stood still. */
  stalled(): void {
    this.#detector.stalled?.();
  }

  /** Enough waited: what has not reported now is taken for gone. */
  finishRebuild(): void {
    if (this.#rebuild.isOver) return;
    const isWhole = this.#rebuild.end(this.#members.size, this.#environment.now());
    if (!isWhole) mark(this.#environment, 'rebuilt without some managers');
    this.#environment.observe({
      type: 'model-rebuilt', ballot: this.#authority.ballot, managers: this.#members.size,
    });
    for (const member of this.#members.values()) {
      if (member.isLeaving) this.#placement.empty(member.address);
    }
    this.#registry?.rebuilt();
    this.registerQueued();
  }

  /** Registers who asked during the rebuild, not so many at once that nobody else has a turn. */
  registerQueued(): void {
    for (const { entry, agent } of this.#rebuild.take(registrationsPerTurn)) {
      this.#placement.register(entry, agent);
    }
    this.#placement.ordering.flush();
    if (!this.#rebuild.hasQueued) return;
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
    const heirs = [...this.#members.values()].filter(({ address, isAble }) =>
      isAble && address !== this.#environment.address);
    return nextInLine(heirs.map(({ address }) => address), this.#options.overlay, count);
  }

  #lineChanged(): void {
    this.#heirs = null;
    this.#registry?.lineChanged();
  }

  /** Null: it is not known yet who there is. */
  get #line(): readonly Address[] | null {
    if (!this.#rebuild.isOver) return null;
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
    if (this.#rebuild.heard(member.address)) this.finishRebuild();
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
}
