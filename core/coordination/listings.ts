/**
 * What a manager lists: takes resources on and lets go of them as the coordinator and the agents
 * say, notes what becomes of them, and has the local rules look at them.
 */
import type { CoreConfig } from './config.js';
import type { Detector } from '../detection/index.js';
import type { Election } from '../election/index.js';
import { compareBallots, compareTokens, type Ballot } from '../identity.js';
import type { ActionCheck, ActionOutcome } from '../rules/messages.js';
import type {
  Assignment, CoordinationMessage, Pointer, ResourceAssign, ResourceEntrust, ResourceHandOver,
  ResourceRelease, RulesRemember,
} from './messages.js';
import { isSilent, type Kind, type ResourceState } from '../metamodel/entity.js';
import type { Part } from '../metamodel/part.js';
import type { Overlay } from '../overlay/index.js';
import { mostRaised } from '../plausible.js';
import type { Address, Environment } from '../process.js';
import { LocalRules, type RuleSet, type Sides } from '../rules/index.js';
import type { PermitAnswers } from '../rules/permit-messages.js';
import type { Running } from '../running.js';
import type { Attachment } from './attachment.js';
import { EarlyOrders, type EarlyOrder } from './early-orders.js';
import { HandingOver } from './handing-over.js';
import { Probing } from './probing.js';
import { outletsOf } from './rule-outlets.js';

/** How many other managers an agent is told with an assignment. */
const alternateCount = 3;

export interface ListingsOptions {
  readonly environment: Environment<CoordinationMessage> & Pick<Running, 'clock'>;
  readonly config: CoreConfig;
  readonly kinds: readonly Kind[];
  readonly rules: RuleSet;
  readonly part: Part;
  /** Watches the rows of the part. */
  readonly detector: Detector;
  readonly election: Election;
  readonly overlay: Overlay;
  readonly attachment: Attachment;
  /** Once this message is handled there is something for {@link Listings.sendCollected}. */
  collecting(): void;
  /** Also to this node itself. */
  send(to: Address, message: CoordinationMessage): void;
}

/** What is to be known of a kind with each heartbeat. */
interface OfKind {
  readonly resolutions: readonly number[];
  /** What rules mind of metrics; null: nothing. */
  readonly minded: Sides | null;
}
const ofNoKind: OfKind = { resolutions: [], minded: null };

export class Listings {
  readonly handingOver: HandingOver;
  readonly #options: ListingsOptions;
  readonly #environment: Environment<CoordinationMessage>;
  readonly #part: Part;
  readonly #detector: Detector;
  readonly #election: Election;
  readonly #kinds: ReadonlyMap<string, OfKind>;
  #lastKind: string | null = null;
  #lastOfKind = ofNoKind;
  readonly #probing: Probing;
  readonly #rules: LocalRules;
  readonly #early: EarlyOrders;
  /** By row: when it was last heard; only where rules mind. */
  readonly #signsUs: number[] = [];

  constructor(options: ListingsOptions) {
    const { environment, config, part, election, attachment } = options;
    this.#options = options;
    this.#environment = environment;
    this.#part = part;
    this.#detector = options.detector;
    this.#election = election;
    this.#probing = new Probing({
      environment, part, config,
      ballot: () => election.ballot,
      alternates: () => this.#alternates(),
      hostChanged: (row) => this.#onHost(row),
    });
    this.handingOver = new HandingOver({
      environment, part, config,
      ballot: () => election.ballot,
      isLeaving: () => attachment.isLeaving,
      drop: (row) => this.#drop(row),
      memories: (resource) => this.#rules.remember(resource),
    });
    this.#early = new EarlyOrders(4 * config.entriesPerMessage);
    this.#rules = new LocalRules(options.rules, config.actions, outletsOf({
      environment, part,
      probing: this.#probing,
      signUs: (row) => this.#signsUs[row] ?? 0,
      look: (row) => this.#reconsider(row),
      asking: () => options.collecting(),
    }), part.incarnation * 1e6);
    this.#kinds = new Map(options.kinds.map(({ name, resolutions }) =>
      [name, { resolutions, minded: this.#rules.minded(name) }]));
  }

  /** A sign of life of the row, for rules that mind how long ago that was. */
  heard(row: number): void {
    if (this.#rules.isAging) this.#signsUs[row] = this.#environment.now();
  }

  /** The periodic look, after the detector's. */
  check(nowUs: number, judgedUs: number): void {
    this.#probing.check(nowUs, judgedUs);
    if (!this.handingOver.isIdle) this.handingOver.check(nowUs);
    this.#rules.tick(nowUs);
  }

  // -- what becomes of resources

  /** The row had been suspected, and lives. */
  trust(row: number, incarnation: number): void {
    const resource = this.#part.resourceOf(row);
    this.#environment.observe({ type: 'resource-trusted', resource, incarnation });
    this.#probing.end(row);
    this.#part.setSide(row, -1);
  }

  measure(row: number, metrics: readonly number[]): void {
    const part = this.#part;
    const { resolutions, minded } = this.#ofKind(part.descriptorOf(row).kind);
    part.measure(row, metrics, resolutions);
    if (minded === null) return;
    const isSame = minded.isExact && part.sideOf(row) === minded.of(metrics);
    if (!isSame || this.#rules.isAnyDue) this.#reconsider(row);
  }

  /** Mostly the same as of the row before. */
  #ofKind(kind: string): OfKind {
    if (kind !== this.#lastKind) {
      this.#lastKind = kind;
      this.#lastOfKind = this.#kinds.get(kind) ?? ofNoKind;
    }
    return this.#lastOfKind;
  }

  /** The row is not what it was known to be, or was suspected. */
  sense(row: number, state: ResourceState, incarnation: number): void {
    this.#part.sense(row, state, incarnation);
    this.#reconsider(row);
  }

  /** Others than the resource tell of the row. */
  #hear(row: number, state: ResourceState, incarnation: number, silent: boolean): void {
    this.heard(row);
    if (silent) this.trust(row, incarnation);
    if (silent || !this.#part.isKnown(row, state, incarnation)) this.sense(row, state, incarnation);
  }

  /** The rules look at the row again. */
  #reconsider(row: number): void {
    const part = this.#part;
    const [descriptor, metrics] = [part.descriptorOf(row), part.metricsOf(row)];
    const { minded } = this.#ofKind(descriptor.kind);
    if (minded !== null) part.setSide(row, minded.of(metrics));
    this.#rules.update({
      resource: part.resourceOf(row),
      descriptor,
      state: part.stateOf(row),
      incarnation: part.incarnationOf(row),
      metrics,
      hostUp: this.#probing.isHostUp(row),
    });
  }

  suspect(row: number): void {
    const part = this.#part;
    const resource = part.resourceOf(row);
    const incarnation = part.incarnationOf(row);
    this.#environment.observe({ type: 'resource-suspected', resource, incarnation });
    this.#probing.begin(row);
    // With an inventory it is down once its host has answered.
    part.sense(row, this.#tellsApart ? 'unreachable' : 'down', incarnation);
    this.#reconsider(row);
    this.handingOver.suspected(row);
  }

  /** The host of the row is presumed dead, or is not any more. */
  #onHost(row: number): void {
    const part = this.#part;
    const lost = this.#tellsApart && !this.#probing.isHostUp(row) && part.stateOf(row) === 'down';
    if (lost) this.sense(row, 'unreachable', part.incarnationOf(row));
    else this.#reconsider(row);
  }

  /** Whether what is silent is told apart by its host. */
  get #tellsApart(): boolean {
    return this.#options.config.inventory === true;
  }

  /** Whether it is no earlier life than the one known, nor out of all proportion to that. */
  #mayBe(row: number, incarnation: number): boolean {
    const known = this.#part.incarnationOf(row);
    return incarnation >= known && incarnation <= known + mostRaised;
  }

  /** False if the action is none of this manager's own rules'. */
  onOutcome(message: ActionOutcome): boolean {
    const row = this.#part.rowOf(message.resource);
    if (row >= 0 && this.#mayBe(row, message.incarnation)) {
      const { state, incarnation } = message;
      const silent = state !== 'down' && this.#detector.isSuspected(row);
      if (state !== 'down') this.#detector.seen(row, this.#environment.now());
      this.#hear(row, state, incarnation, silent);
    }
    return this.#rules.onOutcome(message);
  }

  /** What rules keep in mind of some resources: of those of which that is to be told. */
  takeMemories(): Pick<RulesRemember, 'resources' | 'memories'> {
    const { entriesPerMessage } = this.#options.config;
    const resources = this.#rules.takeChanged(entriesPerMessage);
    return { resources, memories: resources.flatMap((one) => this.#rules.remember(one)) };
  }

  /** To a coordinator that was told nothing of it. */
  tellMemoriesAnew(): void {
    if (this.#options.config.actions.handOn !== true) return;
    for (let row = 0; row < this.#part.rows; row += 1) {
      const resource = this.#part.resourceOf(row);
      if (resource >= 0) this.#rules.tellAnew(resource);
    }
  }

  /** As {@link onOutcome}: a host asks whether it may still act. */
  onCheck(message: ActionCheck): boolean {
    return this.#rules.onCheck(message);
  }

  // -- who holds them

  /** This ballot is acknowledged: what was ordered under it before is obeyed now. */
  acknowledged(ballot: Ballot): void {
    for (const order of this.#early.take(ballot)) {
      if (order.type === 'resource-assign') this.onAssign(order);
      else if (order.type === 'resource-hand-over') this.onHandOver(order);
      else this.onRelease(order);
    }
  }

  /** Whether the order may be carried out at all; it is kept if its ballot is not acknowledged. */
  #isInForce(order: EarlyOrder): boolean {
    this.#election.hear(order.ballot);
    const rank = compareBallots(order.ballot, this.#election.ballot);
    if (rank > 0) this.#early.keep(order);
    return rank === 0;
  }

  onAssign(message: ResourceAssign): void {
    if (!this.#isInForce(message)) return;
    for (const entry of message.entries) this.#list(entry);
  }

  /** What comes with it is kept in mind until it is obeyed, or never is. */
  onEntrust({ ballot, entries, memories }: ResourceEntrust): void {
    const part = this.#part;
    const coming = new Set<number>();
    for (const { resource, token } of entries) {
      const row = part.rowOf(resource);
      const isOld = row >= 0 && compareTokens(token, part.tokenOf(row)) < 0;
      if (!isOld) coming.add(resource);
    }
    this.#rules.announced(memories.filter(({ resource }) => coming.has(resource)));
    this.onAssign({ type: 'resource-assign', ballot, entries });
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
      this.heard(row);
      // For one that is down the rules wait until its agent obeys: it would refuse their actions.
      if (!isSilent(entry.state)) this.#reconsider(row);
    } else {
      if (order > 0) {
        part.retoken(row, token, entry.agent);
        this.handingOver.forget(resource);
      }
      this.#onNewLife(row, entry);
    }
    if (order > 0) this.#environment.observe({ type: 'listing-added', resource, token });
    this.offer(row);
  }

  /**
   * What had been given up has registered in another life. If that ended before its first
   * heartbeat, nobody would notice: of the last life it is suspected already.
   */
  #onNewLife(row: number, { state, incarnation }: Assignment): void {
    const isNew = incarnation > this.#part.incarnationOf(row);
    if (!isNew || !this.#mayBe(row, incarnation)) return;
    const silent = this.#detector.isSuspected(row);
    this.#detector.seen(row, this.#environment.now());
    this.#hear(row, state, incarnation, silent);
  }

  onPointer(from: Address, pointer: Pointer, press: boolean): void {
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
    if (obeyed && this.#tellsApart && this.#detector.isSuspected(row)) {
      if (part.stateOf(row) !== 'down') this.sense(row, 'down', part.incarnationOf(row));
    }
    if (obeyed) {
      this.#reconsider(row);
      this.handingOver.stays(row);
    } else if (press) this.offer(row);
  }

  onHandOver(message: ResourceHandOver): void {
    if (this.#isInForce(message)) this.handingOver.order(message);
  }

  onRelease(message: ResourceRelease): void {
    // One of a deposed coordinator's still tells that the resource was given away.
    if (!this.#isInForce(message) && compareBallots(message.ballot, this.#election.ballot) > 0) {
      return;
    }
    for (const { resource, token } of message.entries) {
      // The order is repeated; until then the agent tells by itself.
      if (this.handingOver.isGoing(resource)) continue;
      const row = this.#part.rowOf(resource);
      if (row >= 0 && compareTokens(this.#part.tokenOf(row), token) < 0) this.#drop(row);
    }
  }

  #drop(row: number): void {
    const resource = this.#part.resourceOf(row);
    this.#detector.forget(row);
    this.#probing.end(row);
    this.#rules.forget(resource);
    this.handingOver.forget(resource);
    this.#part.remove(row);
    this.#environment.observe({ type: 'listing-removed', resource });
    // The last one: the coordinator need not wait for the next heartbeat to hear that.
    const { attachment } = this.#options;
    if (this.#part.size === 0 && attachment.isLeaving) attachment.beat();
  }

  // -- offers

  /** Tells the agent of the row that it is listed here, once all of this message is handled. */
  offer(row: number): void {
    this.#probing.offer(row);
    this.#options.collecting();
  }

  sendCollected(): void {
    this.#probing.sendOffers();
    this.#sendWishes();
  }

  /** Local rules ask whether they may act. */
  #sendWishes(): void {
    const { election, config } = this.#options;
    for (;;) {
      const asked = this.#rules.takeWishes(config.entriesPerMessage);
      if (asked === null) return;
      // Where there is no coordinator, they ask again.
      if (election.ballot !== null) {
        this.#options.send(election.ballot.address, { type: 'permit-request', ...asked });
      }
    }
  }

  onPermits({ answers }: PermitAnswers): void {
    this.#rules.onPermits(answers);
  }

  #alternates(): Address[] {
    const some = new Set<Address>();
    for (let count = 0; count < alternateCount; count += 1) {
      const alternate = this.#options.overlay.alternate();
      if (alternate >= 0) some.add(alternate);
    }
    return [...some];
  }
}
