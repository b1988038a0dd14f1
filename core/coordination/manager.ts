/**
 * A manager: holds resources, watches them, enforces local rules on them, reports its part of the
 * model to the coordinator, and becomes the coordinator when elected.
 */
import type { CoreConfig } from '../config.js';
import { compareBallots, compareTokens, type Ballot, type NodeId } from '../identity.js';
import { createDetector, type Detector } from '../detection/index.js';
import { createElection, type Election } from '../election/index.js';
import { mark } from '../marks.js';
import type {
  ActionOutcome, Assignment, ManagerHeartbeatAnswer, Message, Pointer, ResourceAssign,
  ResourceHandOver, ResourceHeartbeat, ResourceRegister, ResourceRelease,
} from '../messages.js';
import type { Kind, ResourceState } from '../metamodel/entity.js';
import { Part, PartTable } from '../metamodel/part.js';
import { createOverlay, type Overlay, type Peer } from '../overlay/index.js';
import type { Address, Environment, Process } from '../process.js';
import { RowArena } from '../row-arena.js';
import { LocalRules, type RuleSet } from '../rules/index.js';
import { Coordinator } from './coordinator.js';
import { HandingOver } from './handing-over.js';
import { Probing } from './probing.js';
import { ManagerTimer } from './timers.js';

/** What a manager is told at its start. */
export interface ManagerOptions {
  readonly config: CoreConfig;
  readonly node: NodeId;
  /** How often the host lost its store, and so returned under a new id. Default: never. */
  readonly generation?: number;
  /** The configured managers, this one among them; in order of address. */
  readonly managers: readonly Peer[];
  readonly kinds: readonly Kind[];
  readonly rules: RuleSet;
  /** Shared by all managers of a world; without them each has its own. */
  readonly tables?: ManagerTables;
}

/** What managers keep of each resource that they list. */
export interface ManagerTables {
  readonly parts: PartTable;
  /** When it was last heard. */
  readonly heard: RowArena;
}

export function createManagerTables(): ManagerTables {
  return { parts: new PartTable(), heard: new RowArena(1) };
}

/** Registrations are passed on this often at most: everyone's ballot may be out of date. */
const registerHops = 3;
/** More lives than a host has before it loses its store. */
const livesOfGeneration = 65_536;
/** How many of the configured managers a starting one asks for a coordinator. */
const seedCount = 4;
/** Every so many heartbeats their answer names another manager for the agent to remember. */
const alternatePeriod = 8;
/** How many other managers an agent is told with an assignment. */
const alternateCount = 3;

/** A manager as observers from outside see it. */
export interface ManagerProcess extends Process {
  /** Whom its overlay takes to be next to it on the ring. */
  readonly leafSet: readonly Address[];
}

/** A manager, which may become the coordinator. */
export function createManager(environment: Environment, options: ManagerOptions): ManagerProcess {
  return new Manager(environment, options);
}

class Manager implements ManagerProcess {
  // What a heartbeat needs comes first, so that it lies together.
  readonly #environment: Environment;
  readonly #part: Part;
  readonly #detector: Detector;
  readonly #election: Election;
  readonly #handingOver: HandingOver;
  /** There are messages of this node to itself to handle, or offers to send. */
  #unsettled = false;
  readonly #options: ManagerOptions;
  readonly #config: CoreConfig;
  readonly #kinds: ReadonlyMap<string, Kind>;
  readonly #overlay: Overlay;
  readonly #probing: Probing;
  readonly #rules: LocalRules;
  #coordinator: Coordinator | null = null;
  /** Messages of this node to itself: handled when the current one is done with. */
  readonly #toSelf: Message[] = [];
  /** Offers have been made that are still to be sent. */
  #offering = false;
  #sequence = 0;
  /** The version of the part that the present coordinator holds. */
  #acknowledged = 0;
  #beatAtUs = 0;
  /** When the latest heartbeat that was answered had been sent. */
  #answeredUs = 0;
  #checkedUs = 0;
  /** Since when this node has been leaving; null: it stays. */
  #leavingUs: number | null = null;

  constructor(environment: Environment, options: ManagerOptions) {
    const { config } = options;
    this.#environment = environment;
    this.#options = options;
    this.#config = config;
    this.#kinds = new Map(options.kinds.map((kind) => [kind.name, kind]));
    const life = ((environment.store.get('incarnation') as number | undefined) ?? 0) + 1;
    environment.store.put('incarnation', life);
    environment.store.sync();
    // Who lost count of its lives is told apart from all of them.
    const incarnation = (options.generation ?? 0) * livesOfGeneration + life;
    this.#overlay = createOverlay(environment, {
      deliver: (_source, payload) => this.#election.deliver(payload),
      ballot: () => this.#election.ballot,
      onBallot: (from, ballot) => this.#election.meet(from, ballot),
    }, config.overlay, options.node, options.managers);
    this.#election = createElection(config, environment, this.#overlay, {
      acknowledged: () => this.#attach(),
      elected: (ballot) => this.#onElected(ballot),
      deposed: (_own, successor) => this.#onDeposed(successor),
    }, {
      node: options.node, incarnation,
      seeds: options.managers.slice(0, seedCount).map(({ address }) => address),
      nodeOf: (address) => options.managers[address].node,
    });
    const { parts, heard } = options.tables ?? createManagerTables();
    this.#part = new Part(incarnation, environment.address, parts);
    const { detection, plugged, resources } = config;
    this.#detector = createDetector(detection, resources, plugged?.detection, {
      owner: environment.address, arena: heard,
    });
    this.#probing = new Probing({
      environment, part: this.#part, config,
      ballot: () => this.#election.ballot,
      alternates: () => this.#alternates(),
      hostChanged: (row) => this.#reconsider(row),
    });
    this.#handingOver = new HandingOver({
      environment, part: this.#part, config,
      ballot: () => this.#election.ballot,
      isLeaving: () => this.#leavingUs !== null,
      drop: (row) => this.#drop(row),
    });
    this.#rules = new LocalRules(options.rules, config.actions, {
      send: (resource, request) => {
        const row = this.#part.rowOf(resource);
        const authority = this.#part.tokenOf(row);
        environment.send(this.#part.agentOf(row), { ...request, authority });
      },
      observe: (observation) => environment.observe(observation),
      now: () => environment.now(),
    }, incarnation * 1e6);
  }

  get leafSet(): readonly Address[] {
    return this.#overlay.leafSet;
  }

  start(): void {
    const { random } = this.#environment;
    const phase = (periodUs: number): number => Math.floor(random.next() * periodUs);
    this.#checkedUs = this.#environment.now();
    const { checkPeriodUs } = this.#config.resources;
    this.#environment.after(phase(checkPeriodUs), ManagerTimer.check, 0);
    const { heartbeatPeriodUs } = this.#config.managers;
    this.#environment.after(phase(heartbeatPeriodUs), ManagerTimer.heartbeat, 0);
    this.#overlay.join();
    this.#election.start();
    // Whom an earlier life reported to, if there was one, knows best who coordinates now.
    this.#attach();
    this.#settle();
  }

  receive(from: Address, message: Message): void {
    this.#handle(from, message);
    this.#settle();
  }

  onTimer(kind: number, argument: number): void {
    if (kind === ManagerTimer.check) this.#check();
    else if (kind === ManagerTimer.heartbeat) this.#onHeartbeatTimer();
    else if (kind === ManagerTimer.rebuild) this.#onRebuildTimer(argument);
    else if (kind === ManagerTimer.queued) this.#onQueuedTimer(argument);
    else if (kind >= ManagerTimer.electionTry) this.#election.onTimer(kind, argument);
    else this.#overlay.onTimer(kind, argument);
    this.#settle();
  }

  /** Hands the coordinator's role over, if this node has it, then everything that it lists. */
  leave(): void {
    if (this.#leavingUs !== null) return;
    this.#leavingUs = this.#environment.now();
    this.#coordinator?.windUp();
    this.#announceLeave();
    this.#depart(this.#leavingUs);
    this.#settle();
  }

  /** Ends the handling of whatever came: messages to this node itself, then offers. */
  #settle(): void {
    if (!this.#unsettled) return;
    while (this.#toSelf.length > 0) {
      this.#handle(this.#environment.address, this.#toSelf.shift()!);
    }
    if (this.#offering) {
      this.#offering = false;
      this.#probing.sendOffers();
    }
    this.#unsettled = this.#toSelf.length > 0;
  }

  #send(to: Address, message: Message): void {
    if (to === this.#environment.address) {
      this.#toSelf.push(message);
      this.#unsettled = true;
    } else {
      this.#environment.send(to, message);
    }
  }

  #handle(from: Address, message: Message): void {
    switch (message.type) {
      case 'resource-heartbeat': return this.#onHeartbeat(from, message);
      case 'resource-register': return this.#onRegister(message);
      case 'resource-assign': return this.#onAssign(message);
      case 'resource-accepted':
        // Who refuses an offer would refuse it again at once: the next probe offers it anew.
        for (const pointer of message.entries) this.#onPointer(from, pointer, false);
        return;
      case 'agent-probe-answer':
        for (const pointer of message.entries) this.#onPointer(from, pointer, true);
        return;
      case 'resource-release': return this.#onRelease(message);
      case 'resource-hand-over': return this.#onHandOver(message);
      case 'action-outcome': return this.#onOutcome(message);
      default: return this.#handlePeer(from, message);
    }
  }

  /** Messages between managers. */
  #handlePeer(from: Address, message: Message): void {
    this.#overlay.heard(from);
    switch (message.type) {
      case 'manager-heartbeat':
      case 'model-snapshot':
        this.#election.hear(message.ballot);
        if (this.#coordinator === null) this.#sayNotCoordinator(from);
        else if (message.type === 'model-snapshot') this.#coordinator.onSnapshot(from, message);
        else this.#coordinator.onHeartbeat(from, message);
        return;
      case 'manager-heartbeat-answer': return this.#onAnswer(from, message);
      case 'manager-leave':
        if (this.#coordinator === null) this.#sayNotCoordinator(from);
        else this.#coordinator.onLeave(from, message);
        return;
      case 'model-handover':
        this.#election.hear(message.ballot);
        if (this.#coordinator === null) return;
        // Who yielded to this node has no followers left that a fresh ballot would have to win.
        if (from !== this.#election.yielder?.address &&
            compareBallots(message.ballot, this.#election.ballot) === 0) {
          mark(this.#environment, 'two coordinators met');
          this.#election.renew();
        }
        this.#coordinator.onHandover(message);
        return;
      default:
        if (!this.#overlay.receive(from, message)) this.#election.receive(from, message);
    }
  }

  // -- resources: heartbeats, listings, detection

  #onHeartbeat(from: Address, message: ResourceHeartbeat): void {
    const { resource, tokenBallot, tokenSequence, sequence } = message;
    const part = this.#part;
    const { ballot } = this.#election;
    let row = message.handle;
    // Nearly always the handle is good, and the token the one that it was listed with.
    if (!part.lists(row, resource, tokenBallot, tokenSequence)) {
      row = part.rowOf(resource);
      const token = { ballot: tokenBallot, sequence: tokenSequence };
      const order = row < 0 ? 1 : compareTokens(token, part.tokenOf(row));
      if (order > 0) {
        mark(this.#environment, 'heartbeat for one who does not list it');
        this.#environment.send(from, { type: 'resource-unknown', resource, token, ballot });
      } else if (order < 0) {
        this.#offer(row);
      }
      if (order !== 0) return;
    }
    this.#onSign(row, message);
    const alternate = sequence % alternatePeriod === 0 ? this.#overlay.alternate() : -1;
    this.#environment.send(from, {
      type: 'resource-heartbeat-answer', resource, sequence, ballot, alternate,
    });
  }

  /** A heartbeat under the listing's own token. */
  #onSign(row: number, message: ResourceHeartbeat): void {
    const part = this.#part;
    const { state, incarnation, metrics } = message;
    // One that was sent before the crash that a later outcome told of is no sign of life.
    if (incarnation < part.incarnationOf(row)) {
      mark(this.#environment, 'heartbeat of an earlier incarnation');
      return;
    }
    const silent = this.#detector.isSuspected(row);
    this.#detector.heard(row, this.#environment.now());
    if (silent) this.#trust(row, incarnation);
    if (metrics !== null) this.#measure(row, metrics);
    this.#sense(row, state, incarnation, silent);
    if (!this.#handingOver.isIdle) this.#handingOver.heard(row);
  }

  /** The row had been suspected, and lives. */
  #trust(row: number, incarnation: number): void {
    const resource = this.#part.resourceOf(row);
    this.#environment.observe({ type: 'resource-trusted', resource, incarnation });
    this.#probing.end(row);
  }

  /** Tells the agent of the row that it is listed here, once all of this message is handled. */
  #offer(row: number): void {
    this.#probing.offer(row);
    this.#offering = true;
    this.#unsettled = true;
  }

  #measure(row: number, metrics: readonly number[]): void {
    const { kind } = this.#part.descriptorOf(row);
    this.#part.measure(row, metrics, this.#kinds.get(kind)?.resolutions ?? []);
    if (this.#rules.readsMetrics(kind)) this.#reconsider(row);
  }

  #sense(row: number, state: ResourceState, incarnation: number, anyway: boolean): void {
    const part = this.#part;
    if (!anyway && part.isKnown(row, state, incarnation)) return;
    part.sense(row, state, incarnation);
    this.#reconsider(row);
  }

  /** The rules look at the row again. */
  #reconsider(row: number): void {
    const part = this.#part;
    this.#rules.update({
      resource: part.resourceOf(row),
      descriptor: part.descriptorOf(row),
      state: part.stateOf(row),
      incarnation: part.incarnationOf(row),
      metrics: part.metricsOf(row),
      hostUp: this.#probing.isHostUp(row),
    });
  }

  #suspect(row: number): void {
    const part = this.#part;
    const resource = part.resourceOf(row);
    const incarnation = part.incarnationOf(row);
    this.#environment.observe({ type: 'resource-suspected', resource, incarnation });
    this.#probing.begin(row);
    part.sense(row, 'down', incarnation);
    this.#reconsider(row);
    this.#handingOver.suspected(row);
  }

  #drop(row: number): void {
    const resource = this.#part.resourceOf(row);
    this.#detector.forget(row);
    this.#probing.end(row);
    this.#rules.forget(resource);
    this.#handingOver.forget(resource);
    this.#part.remove(row);
    this.#environment.observe({ type: 'listing-removed', resource });
    // The last one: the coordinator need not wait for the next heartbeat to hear that.
    if (this.#leavingUs !== null && this.#part.size === 0) this.#beat();
  }

  #onRegister(message: ResourceRegister): void {
    const { ballot } = message;
    if (ballot !== null) this.#election.hear(ballot);
    if (this.#coordinator !== null) {
      this.#coordinator.onRegister(message);
    } else if (this.#election.ballot !== null && message.hops < registerHops) {
      this.#send(this.#election.ballot.address, { ...message, hops: message.hops + 1 });
    }
  }

  #onAssign(message: ResourceAssign): void {
    this.#election.hear(message.ballot);
    if (compareBallots(message.ballot, this.#election.ballot) < 0) return;
    for (const entry of message.entries) this.#list(entry);
  }

  #list(entry: Assignment): void {
    const part = this.#part;
    const { resource, token } = entry;
    let row = part.rowOf(resource);
    const order = row < 0 ? 1 : compareTokens(token, part.tokenOf(row));
    if (order < 0) return;
    if (row < 0) {
      row = part.add({ ...entry, metrics: null });
      this.#detector.watch(row, this.#environment.now());
      // For one that is down the rules wait until its agent obeys: it would refuse their actions.
      if (entry.state !== 'down') this.#reconsider(row);
    } else {
      if (order > 0) {
        part.retoken(row, token, entry.agent);
        this.#handingOver.forget(resource);
      }
      this.#onNewLife(row, entry);
    }
    if (order > 0) this.#environment.observe({ type: 'listing-added', resource, token });
    this.#offer(row);
  }

  /**
   * What had been given up has registered in another life. If that ended before its first
   * heartbeat, nobody would notice: of the last life it is suspected already.
   */
  #onNewLife(row: number, { state, incarnation }: Assignment): void {
    if (incarnation <= this.#part.incarnationOf(row)) return;
    const silent = this.#detector.isSuspected(row);
    this.#detector.seen(row, this.#environment.now());
    if (silent) this.#trust(row, incarnation);
    this.#sense(row, state, incarnation, silent);
  }

  #onPointer(from: Address, pointer: Pointer, press: boolean): void {
    const part = this.#part;
    const row = part.rowOf(pointer.resource);
    if (row < 0 || compareTokens(pointer.offered, part.tokenOf(row)) !== 0) return;
    if (part.agentOf(row) !== from) return;
    const order = compareTokens(pointer.token, part.tokenOf(row));
    const fenced = compareBallots(part.tokenOf(row).ballot, this.#election.ballot) < 0;
    if (order > 0 || (order < 0 && fenced)) {
      // The agent obeys another, or will never obey a token of a deposed coordinator.
      this.#drop(row);
      return;
    }
    this.#probing.answered(row);
    const obeyed = order === 0 && pointer.manager === this.#environment.address;
    if (obeyed) {
      this.#reconsider(row);
      this.#handingOver.stays(row);
    }
    else if (press) this.#offer(row);
  }

  #onHandOver(message: ResourceHandOver): void {
    this.#election.hear(message.ballot);
    if (compareBallots(message.ballot, this.#election.ballot) < 0) return;
    this.#handingOver.order(message);
  }

  #onRelease(message: ResourceRelease): void {
    this.#election.hear(message.ballot);
    for (const { resource, token } of message.entries) {
      // The order is repeated; until then the agent tells by itself.
      if (this.#handingOver.isGoing(resource)) continue;
      const row = this.#part.rowOf(resource);
      if (row >= 0 && compareTokens(this.#part.tokenOf(row), token) < 0) this.#drop(row);
    }
  }

  #onOutcome(message: ActionOutcome): void {
    const row = this.#part.rowOf(message.resource);
    if (row >= 0 && message.incarnation >= this.#part.incarnationOf(row)) {
      const { state, incarnation } = message;
      const silent = state !== 'down' && this.#detector.isSuspected(row);
      if (state !== 'down') this.#detector.seen(row, this.#environment.now());
      if (silent) this.#trust(row, incarnation);
      this.#sense(row, state, incarnation, silent);
    }
    if (!this.#rules.onOutcome(message)) this.#coordinator?.onOutcome(message);
  }

  // -- the periodic look

  #check(): void {
    const now = this.#environment.now();
    const { checkPeriodUs } = this.#config.resources;
    this.#environment.after(checkPeriodUs, ManagerTimer.check, 0);
    // After a pause nobody could be heard, and the world has moved on: ask before judging.
    if (now - this.#checkedUs > Math.max(2 * checkPeriodUs, this.#detector.slackUs)) {
      this.#wake(now);
    }
    this.#checkedUs = now;
    this.#detector.check(now, (row) => this.#suspect(row));
    this.#probing.check(now);
    if (!this.#handingOver.isIdle) this.#handingOver.check(now);
    this.#rules.tick(now);
    if (this.#coordinator !== null) this.#coordinator.check(now);
    else this.#watchCoordinator(now);
    if (this.#leavingUs !== null) this.#depart(now);
  }

  #wake(now: number): void {
    mark(this.#environment, 'woke from a pause');
    this.#detector.forgive(now);
    this.#coordinator?.forgive(now);
    this.#answeredUs = now;
    if (this.#coordinator === null && this.#election.ballot !== null) this.#beat();
  }

  #watchCoordinator(now: number): void {
    const { ballot } = this.#election;
    if (ballot === null || now - this.#answeredUs <= this.#config.managers.answerTimeoutUs) return;
    this.#environment.observe({ type: 'coordinator-suspected', ballot });
    this.#answeredUs = now;
    this.#election.suspect();
  }

  // -- the coordinator, as its managers see it

  #onHeartbeatTimer(): void {
    const { heartbeatPeriodUs } = this.#config.managers;
    this.#environment.after(heartbeatPeriodUs, ManagerTimer.heartbeat, 0);
    this.#beat();
  }

  /** Reports to the coordinator, which may be this very node. */
  #beat(): void {
    const { ballot } = this.#election;
    if (ballot === null) return;
    if (ballot.address === this.#environment.address && this.#coordinator === null) return;
    const deltas = this.#part.since(this.#acknowledged, this.#config.entriesPerMessage);
    this.#sequence += 1;
    this.#beatAtUs = this.#environment.now();
    const { version } = this.#part;
    for (const [index, part] of deltas.entries()) {
      this.#send(ballot.address, index === 0
        ? { type: 'manager-heartbeat', sequence: this.#sequence, ballot, version, part }
        : { type: 'model-snapshot', ballot, part });
    }
    if (this.#leavingUs !== null) this.#announceLeave();
  }

  #onAnswer(from: Address, message: ManagerHeartbeatAnswer): void {
    this.#election.hear(message.ballot);
    const { ballot } = this.#election;
    if (ballot === null || from !== ballot.address) return;
    // One to a heartbeat that is still to be sent was meant for a former life of this node.
    if (message.sequence > this.#sequence) return;
    if (message.sequence > 0) {
      // An answer shows that the coordinator lived when that heartbeat was sent, not later.
      const behind = this.#sequence - message.sequence;
      const sentUs = this.#beatAtUs - behind * this.#config.managers.heartbeatPeriodUs;
      this.#answeredUs = Math.max(this.#answeredUs, sentUs);
      if (behind === 0) this.#election.calm();
    }
    if (message.incarnation !== this.#part.incarnation) return;
    if (message.version >= this.#acknowledged) {
      this.#acknowledged = message.version;
      this.#part.acknowledged(message.version);
      if (this.#leavingUs !== null) this.#depart(this.#environment.now());
    } else if (message.sequence === this.#sequence) {
      // The coordinator no longer has what it once acknowledged; an older answer may just be late.
      this.#acknowledged = message.version;
      this.#beat();
    }
  }

  #attach(): void {
    this.#acknowledged = 0;
    this.#answeredUs = this.#environment.now();
    this.#beat();
  }

  #alternates(): Address[] {
    const some = new Set<Address>();
    for (let count = 0; count < alternateCount; count += 1) {
      const alternate = this.#overlay.alternate();
      if (alternate >= 0) some.add(alternate);
    }
    return [...some];
  }

  #sayNotCoordinator(to: Address): void {
    const { ballot } = this.#election;
    this.#send(to, { type: 'coordinator-status', ballot, coordinating: false });
  }

  #onElected(ballot: Ballot): void {
    if (this.#coordinator !== null) {
      this.#coordinator.renew(ballot);
      return;
    }
    const nodes = this.#options.managers;
    const gone = this.#knownGone();
    const expected = this.#overlay.expected().filter((address) => !gone.includes(address));
    const awaited = [...expected, this.#environment.address];
    this.#coordinator = new Coordinator({
      environment: this.#environment,
      config: this.#config,
      rules: this.#options.rules,
      ballot,
      nodeOf: (address) => nodes[address].node,
      send: (to, message) => this.#send(to, message),
    }, awaited, gone);
    this.#environment.after(this.#config.rebuildUs, ManagerTimer.rebuild, ballot.counter);
    this.#attach();
  }

  /** To the election; the overlay knows of others. Nobody waits for their reports. */
  #knownGone(): readonly Address[] {
    const { yielder, silent } = this.#election;
    if (yielder !== null) return yielder.gone;
    return typeof silent === 'number' ? [silent] : [];
  }

  #onRebuildTimer(counter: number): void {
    if (this.#coordinator?.firstCounter === counter) this.#coordinator.finishRebuild();
  }

  #onQueuedTimer(counter: number): void {
    if (this.#coordinator?.firstCounter === counter) this.#coordinator.registerQueued();
  }

  #onDeposed(successor: Ballot): void {
    this.#coordinator?.resign(successor);
    this.#coordinator = null;
  }

  // -- leaving

  #announceLeave(): void {
    const { ballot } = this.#election;
    if (ballot === null || ballot.address === this.#environment.address) return;
    const { incarnation } = this.#part;
    this.#send(ballot.address, { type: 'manager-leave', incarnation, done: false });
  }

  /** Goes once the role and all listings are with others, and the coordinator knows it. */
  #depart(now: number): void {
    const elapsedUs = now - this.#leavingUs!;
    if (elapsedUs >= this.#config.leaveTimeoutUs) {
      mark(this.#environment, 'left before everything was handed over');
      this.#sayGoodbye();
    } else if (this.#coordinator !== null) {
      // Its successor's ballot would end the moves under way: they are over in two periods.
      const patienceUs = 2 * this.#config.managers.heartbeatPeriodUs;
      if (this.#coordinator.isQuiet || elapsedUs >= patienceUs) {
        const limit = this.#config.entriesPerMessage;
        this.#election.leave(this.#coordinator.gone().slice(0, limit));
      }
    } else {
      this.#election.leave([]);
      const { heartbeatPeriodUs } = this.#config.managers;
      // What it let go of and did not tell would be given to a third one in its last moment.
      if (elapsedUs >= this.#config.leaveTimeoutUs - heartbeatPeriodUs) this.#reportChanges();
      const isKnown = this.#election.ballot !== null && this.#acknowledged === this.#part.version;
      if (this.#part.size === 0 && isKnown) this.#sayGoodbye();
    }
  }

  #reportChanges(): void {
    if (this.#acknowledged !== this.#part.version) this.#beat();
  }

  #sayGoodbye(): void {
    const { ballot } = this.#election;
    if (ballot !== null && ballot.address !== this.#environment.address) {
      const { incarnation } = this.#part;
      this.#send(ballot.address, { type: 'manager-leave', incarnation, done: true });
    }
    this.#overlay.leave();
    this.#environment.exit();
  }
}
