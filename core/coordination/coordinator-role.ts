/**
 * Whether a manager coordinates: takes the role when elected and gives it up when deposed, and
 * passes on what peers and agents have for the coordinator.
 */
import type { CoreConfig } from './config.js';
import { Share } from '../component.js';
import { createDetector, type Detector } from '../detection/index.js';
import type { Election, Succession } from '../election/index.js';
import { compareBallots, type Ballot, type Token } from '../identity.js';
import { mark } from '../marks.js';
import type {
  CoordinationMessage, ManagerHeartbeat, ManagerLeave, ModelHandover, ModelSnapshot,
  ResourceRegister, RulesRemember,
} from './messages.js';
import { nextInLine, type Overlay, type Peer } from '../overlay/index.js';
import type { Address, Environment } from '../process.js';
import { answerWithinUs, permittedRules, type RuleSet } from '../rules/index.js';
import type { PermitRequest } from '../rules/permit-messages.js';
import { Coordinator } from './coordinator.js';
import type { Copies } from './copies.js';
import type {
  InventoryCopied, InventoryCopy, InventoryOffer, RegistryMessage,
} from './inventory-messages.js';
import type {
  PartCopy, RulesCopied, RulesCopy as RulesCopyMessage,
} from './standby-messages.js';
import { Granting } from './standby/granting.js';
import { FormerParts, PartsCopy } from './standby/parts-copy.js';
import { Remembered } from './standby/remembered.js';
import { RulesCopies } from './standby/rules-copies.js';
import { RulesCopy } from './standby/rules-copy.js';
import { Standbys } from './standby/standbys.js';
import { ManagerTimer, Owner } from './timers.js';
import { roundUs } from './walk-terms.js';

/** Nobody gave the role away, and nobody is known to be down. */
const elected: Succession = { yielder: null, gone: [] };
/** What is for the coordinator is passed on this often: everyone's ballot may be out of date. */
const passedOnAtMost = 3;

export interface CoordinatorRoleOptions {
  readonly environment: Environment<CoordinationMessage>;
  readonly config: CoreConfig;
  readonly rules: RuleSet;
  /** Managers that are known from the start, in order of address. */
  readonly seeds: readonly Peer[];
  readonly isManager: (address: Address) => boolean;
  readonly election: Election;
  readonly overlay: Overlay;
  /** Null without an inventory. */
  readonly copies: Copies | null;
  /** Also to this node itself. */
  send(to: Address, message: CoordinationMessage): void;
}

export class CoordinatorRole {
  /** Null while this manager is not the coordinator. */
  coordinator: Coordinator | null = null;
  /** As coordinator, or as its standby. */
  readonly #remembered = new Remembered();
  /** As its standby. */
  readonly #rulesCopy = new RulesCopy();
  /** The same; what managers list. */
  #parts = new PartsCopy();
  #standbys: Standbys | null = null;
  /** Null also where there is nothing to tell. */
  #rulesCopies: RulesCopies | null = null;
  /** Null also where local rules need no permits. */
  #granting: Granting | null = null;
  /** The latest ballot of another that was acknowledged. */
  #followed: Ballot | null = null;
  /** Of managers, made at the first election: while another coordinates it watches nobody. */
  detector: Detector | null = null;
  readonly #options: CoordinatorRoleOptions;
  /** An agent that has been asking for so long though a greater ballot than this one's binds it. */
  #fenced: { readonly agent: Address; readonly sinceUs: number; lastUs: number } | null = null;

  /** Who gave the role away under the present ballot. */
  #yielder: Address | null = null;

  constructor(options: CoordinatorRoleOptions) {
    this.#options = options;
  }

  /** Coordinates under that ballot; false if it already did, under a lesser one. */
  take(ballot: Ballot, succession: Succession = elected): boolean {
    this.#yielder = succession.yielder;
    if (this.coordinator !== null) {
      this.coordinator.renew(ballot);
      this.#rulesCopies?.renewed();
      return false;
    }
    const { environment, config, rules, seeds, overlay, copies } = this.#options;
    const { gone } = succession;
    const expected = overlay.expected().filter((address) => !gone.includes(address));
    const awaited = [...expected, environment.address];
    copies?.elected();
    this.detector ??= createDetector(config, config.managers, {
      environment: new Share(environment, Owner.managers),
      addressOf: (row) => this.coordinator?.addressOf(row) ?? -1,
      neighbours: () => overlay.neighbours(),
    });
    const former = this.#rulesCopy.of(this.#followed, environment.now());
    this.coordinator = new Coordinator({
      environment, config, rules, ballot, copies, detector: this.detector, former,
      knowsAll: former !== null && copies?.hasAllOf(this.#followed!.address) === true,
      remembered: this.#remembered, seeds, overlay, parts: this.#formerParts(copies),
      tellAhead: () => this.#rulesCopies?.tell(),
      send: (to, message) => this.#options.send(to, message),
    }, awaited, gone);
    this.#rulesCopy.clear();
    this.#beginCopies(this.coordinator);
    this.#standbys = new Standbys({
      perMessage: config.entriesPerMessage, remembered: this.#remembered,
      send: (to, message) => this.#options.send(to, message),
    });
    environment.after(config.rebuildUs, ManagerTimer.rebuild, ballot.counter);
    return true;
  }

  /** What it knows as a standby it is asked of as a coordinator, and then keeps no longer. */
  #formerParts(copies: Copies | null): FormerParts | null {
    if (copies === null) return null;
    const parts = new FormerParts(this.#parts, copies.inventory);
    this.#parts = new PartsCopy();
    return parts;
  }

  /** What is to be known of its rules by those that are next in line. */
  #beginCopies(coordinator: Coordinator): void {
    const { environment, config, rules } = this.#options;
    const grants = permittedRules(rules, config.actions.brakes).size > 0;
    const hasGlobal = rules.rules.some(({ scope }) => scope === 'global');
    const copies = !hasGlobal && !grants ? null : new RulesCopies({
      rules: coordinator.rules, perMessage: config.entriesPerMessage,
      patienceUs: config.managers.heartbeatPeriodUs,
      ballot: () => this.#options.election.ballot!, now: () => environment.now(),
      send: (to, message) => this.#options.send(to, message),
    });
    this.#rulesCopies = copies;
    this.#granting = !grants || copies === null ? null : new Granting({
      rules: coordinator.rules, patienceUs: answerWithinUs(config.actions),
      isOpen: () => coordinator.enforces, knownTo: () => copies.knownTo,
      tell: () => copies.tell(), now: () => environment.now(),
      send: (to, message) => this.#options.send(to, message),
    });
  }

  /** A manager asks whether its rules may act. */
  onPermitRequest(from: Address, message: PermitRequest): void {
    this.#granting?.onRequest(from, message);
  }

  giveUp(successor: Ballot): void {
    this.coordinator?.resign(successor);
    this.coordinator = null;
    this.#standbys = null;
    this.#rulesCopies = null;
    this.#granting = null;
  }

  onReport(from: Address, message: ManagerHeartbeat | ModelSnapshot): void {
    this.#options.election.hear(message.ballot);
    if (this.coordinator === null) return this.#refuse(from);
    this.#outbid(message.part.entries);
    if (message.type === 'model-snapshot') this.coordinator.onSnapshot(from, message);
    else this.coordinator.onHeartbeat(from, message);
  }

  /** Another coordinates under that ballot. */
  follows(ballot: Ballot): void {
    this.#followed = ballot;
  }

  onRulesCopy(from: Address, message: RulesCopyMessage): void {
    const { environment, election } = this.#options;
    election.hear(message.ballot);
    const answer = this.#rulesCopy.onCopy(message, environment.now());
    if (answer !== null) this.#options.send(from, answer);
  }

  onPartCopy(from: Address, message: PartCopy): void {
    this.#options.election.hear(message.ballot);
    if (this.coordinator !== null) return;
    const answer = this.#parts.onCopy(from, message);
    if (answer !== null) this.#options.send(from, answer);
  }

  /** It is not next in line. */
  dropParts(): void {
    this.#parts.clear();
  }

  onRulesCopied(from: Address, message: RulesCopied): void {
    const { election } = this.#options;
    const isOurs = compareBallots(message.ballot, election.ballot) === 0;
    if (isOurs) this.#rulesCopies?.onCopied(from, message);
    this.#granting?.flush();
  }

  /** The periodic look: what has changed is told, also what may have been lost. */
  checkCopies(): void {
    this.#rulesCopies?.check();
    this.#granting?.flush();
  }

  /** From a manager, or as a standby from the coordinator. */
  onRemember(message: RulesRemember): void {
    this.#remembered.tell(message, this.#options.environment.now());
    this.#standbys?.tell(message);
  }

  /** Once a period: who is next in line knows what there is to know. */
  checkStandbys(): void {
    const { election: { ballot }, environment } = this.#options;
    if (this.coordinator === null || ballot === null) return;
    const { config: { standbys = 0 }, overlay } = this.#options;
    const others = this.coordinator.others();
    const line = nextInLine(others, overlay, standbys);
    this.#rulesCopies?.keepAt(line, others);
    this.#standbys?.check(line, ballot, environment.now());
  }

  onLeave(from: Address, message: ManagerLeave): void {
    if (this.coordinator === null) this.#refuse(from);
    else this.coordinator.onLeave(from, message);
  }

  onHandover(from: Address, message: ModelHandover): void {
    const { election, environment } = this.#options;
    election.hear(message.ballot);
    if (this.coordinator === null) {
      mark(environment, 'model handed over to one without the role');
      return;
    }
    // Who yielded to this node has no followers left that a fresh ballot would have to win.
    if (from !== this.#yielder && compareBallots(message.ballot, election.ballot) === 0) {
      mark(environment, 'two coordinators met');
      election.renew();
    }
    this.#outbid(message.entries);
    this.coordinator.onHandover(message);
  }

  onRegister(message: ResourceRegister): void {
    const { election } = this.#options;
    const fence = this.#fenceOf(message);
    if (fence !== null) election.hear(fence);
    if (this.coordinator !== null) {
      if (compareBallots(fence, election.ballot) > 0) this.#onFenced(message.agent, fence!);
      this.coordinator.onRegister(message);
    } else {
      this.#passOn(message);
    }
  }

  onRegistry(message: RegistryMessage): void {
    if (this.coordinator === null) this.#passOn(message);
    else this.coordinator.onRegistry(message);
  }

  /** To the coordinator. */
  #passOn(message: ResourceRegister | RegistryMessage): void {
    const { ballot } = this.#options.election;
    if (ballot === null || message.hops >= passedOnAtMost) return;
    this.#options.send(ballot.address, { ...message, hops: message.hops + 1 });
  }

  onOffer(from: Address, message: InventoryOffer): void {
    this.#options.election.hear(message.ballot);
    if (this.coordinator !== null) this.#options.copies?.onOffer(from, message);
  }

  onCopy(from: Address, message: InventoryCopy): void {
    const { election, copies } = this.#options;
    election.hear(message.ballot);
    const changes = copies?.onCopy(from, message);
    if (changes !== undefined) this.coordinator?.onCopy(changes);
  }

  onCopied(from: Address, message: InventoryCopied): void {
    this.#options.copies?.onCopied(from, message);
    this.coordinator?.onCopied();
  }

  /** @param counter of the ballot under which the coordinator began that the timer is for */
  onTimer(kind: number, counter: number): void {
    if (this.coordinator?.firstCounter !== counter) return;
    if (kind === ManagerTimer.rebuild) this.coordinator.finishRebuild();
    else this.coordinator.registerQueued();
  }

  /**
   * The greatest ballot that binds the agent, among those of managers. Beyond others this one goes
   * at once: their holders are nobody, and all the same the agent obeys nothing less from now on.
   */
  #fenceOf({ ballot, entries }: ResourceRegister): Ballot | null {
    const { election, isManager } = this.#options;
    const lost = entries.map((entry) => entry.lost);
    let fence: Ballot | null = null;
    for (const bound of [ballot, ...lost.map((token) => token?.ballot ?? null)]) {
      if (compareBallots(bound, election.ballot) <= 0) continue;
      if (!isManager(bound!.address)) election.renew(bound!);
      else if (compareBallots(bound, fence) > 0) fence = bound;
    }
    for (const token of lost) {
      if (token !== null && compareBallots(token.ballot, fence) > 0) this.#outbid([{ token }]);
    }
    return fence;
  }

  /** Where one obeys a token that nobody gave out, it takes a ballot above that one's. */
  #outbid(entries: readonly { readonly token: Token }[]): void {
    for (const { token } of entries) {
      if (this.coordinator?.disowns(token) !== true) continue;
      mark(this.#options.environment, 'token that nobody gave out');
      this.#options.election.renew(token.ballot);
    }
  }

  /**
   * The agent has heard of a greater ballot than this coordinator's, and obeys nothing under this
   * one. If it goes on asking, none of that other's managers can be near: this one's ballot has to
   * go beyond, once nobody is found who follows that other, or in any case when it takes too long.
   */
  #onFenced(agent: Address, suspected: Ballot): void {
    const { environment, config, election, seeds } = this.#options;
    const { retryMaxUs } = config.resources;
    const now = environment.now();
    const fenced = this.#fenced;
    const patienceUs = Math.max(2 * retryMaxUs, roundUs(config, seeds.length));
    if (fenced === null || now - fenced.lastUs > patienceUs) {
      this.#fenced = { agent, sinceUs: now, lastUs: now };
    } else if (fenced.agent === agent) {
      fenced.lastUs = now;
      if (now - fenced.sinceUs > config.managers.answerTimeoutUs) {
        this.#fenced = null;
        mark(environment, 'agent fenced by a greater ballot');
        election.renew(suspected);
      } else if (now - fenced.sinceUs >= retryMaxUs) {
        election.question?.(suspected);
      }
    }
  }

  #refuse(to: Address): void {
    const { ballot } = this.#options.election;
    this.#options.send(to, {
      type: 'coordinator-status', ballot, coordinating: false, asked: true,
    });
  }
}
