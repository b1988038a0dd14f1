import type { Ballot } from '../../core/identity.js';
import type { Heard } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { earlyUs } from '../../core/running.js';
import { NONE, type Truth } from '../truth/index.js';
import type { WatchTimes } from '../watching.js';
import { Links } from './links.js';
import { Watch } from './watch.js';

/**
 * Accuracy of detection, in the watcher's own running time: whoever lives and sends, over links
 * that lose and delay nothing, has surely been heard by the end of any time in which the watcher
 * ran for a period and a round trip; and no watcher has had time to miss what it began to watch
 * just now. So a watcher that slept, woke or has a new clock is no excuse, however often that
 * happens.
 */
export class NoHastySuspicion extends Watch {
  static readonly title = 'no-hasty-suspicion';
  static readonly exact = true;
  static readonly meaning =
    'Nobody is suspected before the watcher has run for the timeout since it could last hear him.';
  readonly hears = [
    'pointer-set', 'pointer-lost', 'resource-suspected', 'manager-suspected',
    'coordinator-suspected', 'ballot-acknowledged', 'coordinator-elected', 'links-changed',
    'reachability',
  ] as const;
  readonly #links = new Links(this.context.bounds);
  /** Since when managers acknowledge what they do, and coordinate. */
  readonly #acknowledgedUs = new Map<Address, number>();
  readonly #electedUs = new Map<Address, number>();
  /** Whom an agent obeyed until it gave him up: the truth shows that no more. */
  readonly #obeyed: Int32Array;
  readonly #obeyedUs: Float64Array;
  /** By which assignment, as {@link markOf} has it. */
  readonly #obeyedMark: Int32Array;

  constructor(context: Watch['context']) {
    super(context);
    const { resources } = context.inventory;
    this.#obeyed = new Int32Array(resources).fill(-1);
    this.#obeyedUs = new Float64Array(resources);
    this.#obeyedMark = new Int32Array(resources);
  }

  observe(timeUs: number, process: Address, observation: Heard<NoHastySuspicion['hears']>): void {
    switch (observation.type) {
      case 'pointer-set': {
        const { resource, manager, token } = observation;
        this.#obeyed[resource] = manager;
        this.#obeyedUs[resource] = timeUs;
        const ballot = this.#truth.ballots.numberOf(token.ballot);
        this.#obeyedMark[resource] = markOf(ballot, token.sequence);
        return;
      }
      case 'pointer-lost':
        if (observation.why === 'silent') this.#onLost(timeUs, process, observation.resource);
        this.#obeyed[observation.resource] = -1;
        return;
      case 'resource-suspected':
        return this.#onResource(timeUs, process, observation.resource);
      case 'manager-suspected':
        return this.#onManager(timeUs, process, observation.manager);
      case 'coordinator-suspected':
        return this.#onCoordinator(timeUs, process, observation.ballot);
      case 'ballot-acknowledged':
        this.#acknowledgedUs.set(process, timeUs);
        return;
      case 'coordinator-elected':
        this.#electedUs.set(process, timeUs);
        return;
      case 'links-changed':
      case 'reachability':
        return this.#links.observe(timeUs, observation);
      default:
    }
  }

  get #truth(): Truth {
    return this.context.health.truth;
  }

  #onResource(timeUs: number, manager: Address, resource: number): void {
    const { listings, pointers, resources, inventory } = this.#truth;
    const agent = inventory.agentOf[resource];
    const listing = listings.find(manager, resource);
    const listedUs = listing === NONE ? timeUs : listings.begun(listing);
    const obeys = pointers.manager(resource) === manager && listing !== NONE &&
      listings.sequence(listing) === pointers.sequence(resource) &&
      listings.ballot(listing) === pointers.ballot(resource);
    const goodUs = obeys && this.#truth.isResourceLive(resource)
      ? Math.max(pointers.since(resource), listings.since(listing), resources.turnedAt(resource))
      : Infinity;
    this.#judge(timeUs, manager, agent, this.context.bounds.watching.resource, {
      watchedUs: Math.max(listedUs, this.#truth.processes.upSince(manager)), goodUs,
      words: () => this.resource(resource),
    });
  }

  #onManager(timeUs: number, coordinator: Address, manager: Address): void {
    const ballot = this.#truth.acting(coordinator);
    const reports = this.#truth.acknowledged(manager) === ballot;
    const electedUs = this.#electedUs.get(coordinator) ?? -Infinity;
    const goodUs = reports ? Math.max(electedUs, this.#acknowledgedUs.get(manager)!) : Infinity;
    this.#judge(timeUs, coordinator, manager, this.context.bounds.watching.manager, {
      // When it took an earlier ballot is not known any more: this one may have come later.
      watchedUs: -Infinity, goodUs, words: () => this.process(manager),
    });
  }

  #onCoordinator(timeUs: number, manager: Address, ballot: Ballot): void {
    const { address } = ballot;
    const acknowledgedUs = this.#acknowledgedUs.get(manager) ?? timeUs;
    const acts = this.#truth.acting(address) === this.#truth.ballots.numberOf(ballot);
    const goodUs = acts ? Math.max(acknowledgedUs, this.#electedUs.get(address)!) : Infinity;
    this.#judge(timeUs, manager, address, this.context.bounds.watching.coordinator, {
      watchedUs: acknowledgedUs, goodUs, words: () => this.process(address),
    });
  }

  #onLost(timeUs: number, agent: Address, resource: number): void {
    const manager = this.#obeyed[resource];
    if (manager === -1) return;
    const listing = this.#truth.listings.find(manager, resource);
    const sinceUs = this.#obeyedUs[resource];
    const { listings } = this.#truth;
    // Who lists it under another assignment, of a coordinator that its agent knows to be deposed
    // perhaps, answers its heartbeats with offers.
    const answers = listing !== NONE && this.#truth.isResourceLive(resource) &&
      markOf(listings.ballot(listing), listings.sequence(listing)) === this.#obeyedMark[resource];
    const goodUs = !answers ? Infinity
      : Math.max(sinceUs, listings.since(listing), this.#truth.resourceLiveSince(resource));
    this.#judge(timeUs, agent, manager, this.context.bounds.watching.holder, {
      watchedUs: sinceUs, goodUs, words: () => this.process(manager),
    });
  }

  #judge(
    timeUs: number, watcher: Address, watched: Address, times: WatchTimes,
    { watchedUs, goodUs, words }: Circumstances,
  ): void {
    const { maxDelayUs, recoveryUs } = this.context.bounds;
    if (recoveryUs === null) return;
    const { running, processes } = this.#truth;
    if (this.#truth.processes.evenSince(watcher) === Infinity) return;
    const roundUs = times.periodUs + 2 * maxDelayUs;
    // What was sent before it was seen to begin has gone out, and come, in one round.
    const soundUs = this.#soundSinceUs(watcher, watched, goodUs);
    const heardUs = running.lastRunUs(watcher, roundUs, soundUs,
      timeUs) - roundUs;
    const fromUs = Math.max(watchedUs, heardUs);
    if (fromUs === -Infinity) return;
    const ranUs = running.betweenUs(watcher, fromUs, timeUs);
    // A timer may fire a little early; and who stood still cannot tell when, between two looks.
    const { agentLookUs, lookUs } = this.context.bounds.watching;
    const ownUs = this.#truth.isManager(watcher) ? lookUs : agentLookUs;
    // Nor when it was that its clock was set, since the look before.
    const looks = running.disturbances(watcher, fromUs - ownUs, timeUs);
    const slackUs = Math.min(earlyUs, times.leastUs / 100) + looks * ownUs;
    if (ranUs + slackUs >= times.leastUs) return;
    const state = processes.status(watched);
    this.break(timeUs, `${this.process(watcher)} suspects ${words()} (whose host is ${state}), ` +
      `though it has run for ${(ranUs / 1e6).toFixed(1)} s only since it could hear from it`);
  }

  /** Since when all that the watched sends reaches the watcher; Infinity: it does not. */
  #soundSinceUs(watcher: Address, watched: Address, goodUs: number): number {
    const { processes, reachability } = this.#truth;
    if (!processes.isLive(watched) || !reachability.reach(watcher, watched)) return Infinity;
    return Math.max(
      goodUs, this.#links.plainSinceUs, this.#links.reachSinceUs,
      processes.liveSince(watched), processes.upSince(watcher),
      processes.evenSince(watched),
    );
  }
}

/** Of a token, in few bytes: there is one for each resource. Two are hardly ever alike. */
function markOf(ballot: number, sequence: number): number {
  return Math.imul(ballot, 0x9e3779b1) ^ (sequence | 0);
}

interface Circumstances {
  /** Since when the watcher has watched it. */
  readonly watchedUs: number;
  /** Since when it has had reason to send; Infinity: it has not. */
  readonly goodUs: number;
  readonly words: () => string;
}
