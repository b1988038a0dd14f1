/**
 * A manager: hears the heartbeats of its resources, watches them, and has its parts do the rest:
 * the listings, the tie to the coordinator, and the coordinator's role when it is elected.
 */
import { ownerOf, Share } from '../component.js';
import type { CoreConfig } from './config.js';
import { compareTokens, type NodeId } from '../identity.js';
import { createDetector, type Detector } from '../detection/index.js';
import { createElection, type Election } from '../election/index.js';
import { mark } from '../marks.js';
import type { CoordinationMessage, ResourceHeartbeat } from './messages.js';
import type { Kind } from '../metamodel/entity.js';
import { Part, PartTable } from '../metamodel/part.js';
import { createOverlay, type Overlay, type Peer } from '../overlay/index.js';
import { mostRaised } from '../plausible.js';
import type { Address, Environment, Process } from '../process.js';
import { RowArena } from '../row-arena.js';
import { Running } from '../running.js';
import type { RuleSet } from '../rules/index.js';
import { Attachment } from './attachment.js';
import { Copies } from './copies.js';
import { CoordinatorRole } from './coordinator-role.js';
import { Dismissals } from './dismissals.js';
import type { HandingOver } from './handing-over.js';
import { Listings } from './listings.js';
import { Screen } from './screen.js';
import { ManagerTimer, Owner } from './timers.js';

/** What a manager is told at its start. */
export interface ManagerOptions {
  readonly config: CoreConfig;
  readonly node: NodeId;
  /** How often the host lost its store, and so returned under a new id. Default: never. */
  readonly generation?: number;
  /** Managers that are known from the start, in order of address; this one may be among them. */
  readonly seeds: readonly Peer[];
  /** Whether such an address is a manager's, as the world that gives addresses out knows. */
  readonly isManager: (address: Address) => boolean;
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

/** More lives than a host has before it loses its store. */
const livesOfGeneration = 65_536;
/** How many of its seeds a starting manager asks for a coordinator. */
const askedAtStart = 4;
/** Every so many heartbeats their answer names another manager for the agent to remember. */
const alternatePeriod = 8;

/** A manager as observers from outside see it. */
export interface ManagerProcess extends Process {
  /** Whom its overlay takes to be next to it on the ring. */
  readonly leafSet: readonly Address[];
  /** What it knows a resource to measure; undefined: it does not list it. */
  measured(resource: number): readonly number[] | null | undefined;
  /** The same of the whole model; undefined: it has none, or does not know the resource. */
  modelled(resource: number): readonly number[] | null | undefined;
  /**
   * Reads what a heartbeat on its way here will need, so that it is in the cache by then, and
   * changes nothing; the number says nothing.
   */
  prefetch(message: ResourceHeartbeat): number;
}

/** A manager, which may become the coordinator. */
export function createManager(environment: Environment, options: ManagerOptions): ManagerProcess {
  return new Manager(environment, options);
}

class Manager implements ManagerProcess {
  // What a heartbeat needs comes first, so that it lies together.
  readonly #environment: Environment<CoordinationMessage>;
  /** As all but the heartbeats' answers see the environment: with running time for its clock. */
  readonly #running: Running;
  readonly #part: Part;
  readonly #detector: Detector;
  readonly #election: Election;
  readonly #handingOver: HandingOver;
  /** There are messages of this node to itself to handle, or listings have something to send. */
  #unsettled = false;
  readonly #listings: Listings;
  readonly #config: CoreConfig;
  readonly #overlay: Overlay;
  readonly #attachment: Attachment;
  readonly #role: CoordinatorRole;
  /** Both null without an inventory. */
  readonly #copies: Copies | null;
  readonly #dismissals: Dismissals | null;
  readonly #isManager: (address: Address) => boolean;
  readonly #screen: Screen;
  /** Messages of this node to itself: handled when the current one is done with. */
  readonly #toSelf: CoordinationMessage[] = [];

  constructor(world: Environment, options: ManagerOptions) {
    const { config, kinds, rules, seeds, isManager } = options;
    const environment = new Running(world, config.resources.checkPeriodUs);
    this.#environment = world;
    this.#running = environment;
    this.#config = config;
    const life = ((environment.store.get('incarnation') as number | undefined) ?? 0) + 1;
    environment.store.put('incarnation', life);
    environment.store.sync();
    this.#isManager = isManager;
    this.#screen = new Screen({ isManager, ballot: () => this.#election.ballot });
    // Who lost count of its lives is told apart from all of them.
    const incarnation = (options.generation ?? 0) * livesOfGeneration + life;
    const { election, overlay, fromPlugins } = config;
    const routing = new Share(environment, Owner.overlay);
    this.#overlay = createOverlay(overlay.name, fromPlugins?.overlay, routing, {
      deliver: (_source, payload) => this.#election.deliver(payload),
      ballot: () => this.#election.ballot,
      onBallot: (from, ballot) => this.#election.meet(from, ballot),
    }, { node: options.node, managers: seeds, times: overlay });
    const electing = new Share(environment, Owner.election);
    this.#election = createElection(election, fromPlugins?.election, electing, this.#overlay, {
      acknowledged: (ballot) => {
        this.#role.follows(ballot);
        this.#attachment.begin();
        this.#copies?.acknowledged();
        this.#listings.acknowledged(ballot);
        this.#listings.tellMemoriesAnew();
      },
      elected: (ballot, succession) => {
        if (!this.#role.take(ballot, succession)) return;
        this.#attachment.begin();
        this.#listings.tellMemoriesAnew();
      },
      deposed: (_own, successor) => this.#role.giveUp(successor),
    }, {
      node: options.node, incarnation,
      seeds: seeds.slice(0, askedAtStart).map(({ address }) => address),
      nodeOf: (address) => this.#overlay.nodeOf(address),
    });
    const { parts, heard } = options.tables ?? createManagerTables();
    this.#part = new Part(incarnation, environment.address, parts);
    this.#detector = createDetector(config, config.resources, {
      environment: new Share(environment, Owner.resources), arena: heard,
      addressOf: () => -1, neighbours: () => this.#overlay.neighbours(),
    });
    const common = {
      environment, config, rules, overlay: this.#overlay, election: this.#election,
      send: (to: Address, message: CoordinationMessage) => this.#send(to, message),
    };
    this.#copies = config.inventory !== true ? null : new Copies({
      environment, config, life: incarnation, ballot: () => this.#election.ballot,
      send: common.send,
    });
    this.#dismissals = config.inventory !== true ? null : new Dismissals(common);
    const role = { ...common, seeds, isManager, copies: this.#copies };
    this.#role = new CoordinatorRole(role);
    this.#attachment = new Attachment({ ...common, part: this.#part, role: this.#role });
    this.#listings = new Listings({
      ...common, kinds, part: this.#part, detector: this.#detector, attachment: this.#attachment,
      collecting: () => {
        this.#unsettled = true;
      },
    });
    this.#handingOver = this.#listings.handingOver;
  }

  get leafSet(): readonly Address[] {
    return this.#overlay.leafSet;
  }

  measured(resource: number): readonly number[] | null | undefined {
    const row = this.#part.rowOf(resource);
    return row < 0 ? undefined : this.#part.metricsOf(row);
  }

  modelled(resource: number): readonly number[] | null | undefined {
    return this.#role.coordinator?.measured(resource);
  }

  prefetch({ handle, resource, tokenBallot, tokenSequence }: ResourceHeartbeat): number {
    const settled = this.#election.ballot !== null && this.#handingOver.isIdle;
    // Of a row that is not listed a detector need not know anything.
    const suspected = this.#part.lists(handle, resource, tokenBallot, tokenSequence) &&
      this.#detector.isSuspected(handle);
    return settled === suspected ? 1 : 0;
  }

  start(): void {
    const { random } = this.#environment;
    const phase = (periodUs: number): number => Math.floor(random.next() * periodUs);
    const { resources: { checkPeriodUs }, managers: { heartbeatPeriodUs } } = this.#config;
    this.#lookIn(phase(checkPeriodUs));
    this.#environment.after(phase(heartbeatPeriodUs), ManagerTimer.heartbeat, 0);
    this.#overlay.join();
    this.#election.start();
    // Whom an earlier life reported to, if there was one, knows best who coordinates now.
    this.#attachment.begin();
    this.#settle();
  }

  receive(from: Address, message: CoordinationMessage): void {
    this.#handle(from, message);
    this.#settle();
  }

  onTimer(kind: number, argument: number): void {
    const timer = ownerOf(kind);
    if (timer.owner === Owner.overlay) this.#overlay.onTimer(timer.kind, argument);
    else if (timer.owner === Owner.election) this.#election.onTimer(timer.kind, argument);
    else if (timer.owner === Owner.resources) this.#detector.onTimer?.(timer.kind, argument);
    else if (timer.owner === Owner.managers) this.#role.detector?.onTimer?.(timer.kind, argument);
    else if (kind === ManagerTimer.check) this.#check();
    else if (kind === ManagerTimer.heartbeat) this.#beat();
    else this.#role.onTimer(kind, argument);
    this.#settle();
  }

  /** Hands the coordinator's role over, if this node has it, then everything that it lists. */
  leave(): void {
    this.#attachment.leave();
    this.#settle();
  }

  decommission(resources: readonly number[]): void {
    this.#dismissals?.want(resources);
    this.#settle();
  }

  commission(resources: readonly number[]): void {
    this.#dismissals?.drop(resources);
  }

  /** Ends the handling of whatever came: messages to this node itself, then what is collected. */
  #settle(): void {
    while (this.#unsettled) {
      while (this.#toSelf.length > 0) {
        this.#handle(this.#environment.address, this.#toSelf.shift()!);
      }
      this.#listings.sendCollected();
      this.#unsettled = this.#toSelf.length > 0;
    }
  }

  #send(to: Address, message: CoordinationMessage): void {
    if (to === this.#environment.address) {
      this.#toSelf.push(message);
      this.#unsettled = true;
    } else {
      this.#environment.send(to, message);
    }
  }

  #handle(from: Address, message: CoordinationMessage): void {
    if (message.type === 'resource-heartbeat') return this.#onHeartbeat(from, message);
    if (message.type === 'resource-heartbeat-answer' || !this.#screen.admits(message)) return;
    switch (message.type) {
      case 'resource-register': return this.#role.onRegister(message);
      case 'resource-enrol':
      case 'resource-retired': return this.#role.onRegistry(message);
      case 'resource-assign': return this.#listings.onAssign(message);
      case 'resource-entrust': return this.#listings.onEntrust(message);
      case 'resource-accepted':
      case 'agent-probe-answer':
        // Who refuses an offer would refuse it again at once: the next probe offers it anew.
        for (const pointer of message.entries) {
          this.#listings.onPointer(from, pointer, message.type === 'agent-probe-answer');
        }
        return;
      case 'resource-release': return this.#listings.onRelease(message);
      case 'resource-hand-over': return this.#listings.onHandOver(message);
      case 'action-outcome':
        if (!this.#listings.onOutcome(message)) this.#role.coordinator?.onOutcome(message);
        return;
      case 'action-check':
        if (!this.#listings.onCheck(message)) this.#role.coordinator?.onCheck(message);
        return;
      default: return this.#handlePeer(from, message);
    }
  }

  /** Messages between managers. */
  #handlePeer(from: Address, message: CoordinationMessage): void {
    if (!this.#isManager(from)) return;
    this.#overlay.heard(from);
    switch (message.type) {
      case 'manager-heartbeat':
      case 'model-snapshot': return this.#role.onReport(from, message);
      case 'manager-heartbeat-answer': return this.#attachment.onAnswer(from, message);
      case 'rules-remember': return this.#role.onRemember(message);
      case 'rules-copy': return this.#role.onRulesCopy(from, message);
      case 'rules-copied': return this.#role.onRulesCopied(from, message);
      case 'part-copy': return this.#role.onPartCopy(from, message);
      case 'part-copied': return this.#attachment.onPartCopied(from, message);
      case 'permit-request': return this.#role.onPermitRequest(from, message);
      case 'permit-answers': return this.#listings.onPermits(message);
      case 'manager-leave': return this.#role.onLeave(from, message);
      case 'model-handover': return this.#role.onHandover(from, message);
      case 'resource-decommission': return this.#role.onRegistry(message);
      case 'resource-decommissioned': return this.#dismissals?.onDone(message);
      case 'inventory-offer': return this.#role.onOffer(from, message);
      case 'inventory-copy': return this.#role.onCopy(from, message);
      case 'inventory-copied': return this.#role.onCopied(from, message);
      default:
        if (this.#overlay.receive(from, message)) return;
        if (this.#role.detector?.receive?.(from, message) === true) return;
        if (this.#detector.receive?.(from, message) === true) return;
        this.#election.receive(from, message);
    }
  }

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
        this.#listings.offer(row);
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
    const known = part.incarnationOf(row);
    if (incarnation < known || incarnation > known + mostRaised) {
      mark(this.#environment, 'heartbeat of an earlier incarnation');
      return;
    }
    const silent = this.#detector.isSuspected(row);
    this.#detector.heard(row, this.#running.now());
    this.#listings.heard(row);
    if (silent) this.#listings.trust(row, incarnation);
    if (metrics !== null) this.#listings.measure(row, metrics);
    if (silent || !part.isKnown(row, state, incarnation)) {
      this.#listings.sense(row, state, incarnation);
    }
    if (!this.#handingOver.isIdle) this.#handingOver.heard(row);
  }

  /** The next periodic look; true if this one shows that the manager stood still. */
  #lookIn(delayUs: number): boolean {
    this.#environment.after(delayUs, ManagerTimer.check, 0);
    return this.#running.look(delayUs);
  }

  #check(): void {
    if (this.#lookIn(this.#config.resources.checkPeriodUs)) {
      mark(this.#environment, 'woke from a pause');
      this.#detector.stalled?.();
      this.#role.coordinator?.stalled();
    }
    const [now, judgedUs] = [this.#running.now(), this.#running.judgedUs];
    this.#detector.check(judgedUs, (row) => this.#listings.suspect(row));
    this.#listings.check(now, judgedUs);
    const { coordinator } = this.#role;
    if (coordinator !== null) {
      coordinator.check(now, judgedUs);
      this.#role.checkCopies();
    } else this.#attachment.watch(judgedUs);
    this.#copies?.check(now);
    if (this.#attachment.isLeaving) this.#attachment.depart(now);
  }

  /** Reports to the coordinator, once a period. */
  #beat(): void {
    this.#environment.after(this.#config.managers.heartbeatPeriodUs, ManagerTimer.heartbeat, 0);
    this.#attachment.beat();
    this.#dismissals?.tell();
    const { ballot } = this.#election;
    if (this.#config.actions.handOn !== true || ballot === null) return;
    this.#role.checkStandbys();
    const told = this.#listings.takeMemories();
    if (told.resources.length === 0) return;
    this.#send(ballot.address, { type: 'rules-remember', ballot, ...told });
  }
}
