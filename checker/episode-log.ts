import type { Outlook } from '../core/coordination/index.js';
import type { NodeId } from '../core/identity.js';
import type { LinkHarm } from '../core/observations.js';
import { compareCloseness, coordinatorKey } from '../core/overlay/index.js';
import type { Address } from '../core/process.js';
import type { Inventory } from '../experiment/inventory.js';
import type { Disturbance, HealthChange, HealthListener } from './health/index.js';
import { outlooksNow } from './outlooks.js';
import type { Truth } from './truth/index.js';

/** What happened to the management plane since it was last settled: what a bound depends on. */
export interface EpisodeFaults {
  /** Managers that crashed, left or were paused, each counted once. */
  readonly managersLost: number;
  /** Managers that came up or were resumed, each counted once. */
  readonly managersReturned: number;
  /** Whether a manager was lost while it acted as coordinator, or some component has none now. */
  readonly coordinatorLost: boolean;
  /** Managers that are down, paused or out of reach now, in the worst judged component. */
  readonly managersGone: number;
  /** Of those, how many are nearer to the coordinator's key than the nearest that lives there. */
  readonly goneAhead: number;
  /** Whether one more of those gone is the coordinator, which its successor asked in vain. */
  readonly coordinatorAsked: boolean;
  /** Whether zones fell apart or grew together. */
  readonly reachabilityChanged: boolean;
  /** Whether loss (or other harm to links) began or ended. */
  readonly linksChanged: boolean;
  /** Hosts that are slower than configured, or whose clocks run off their usual rate, now. */
  readonly hostsOdd?: number;
  /** Share of messages lost from the last disturbance on; null if that is not known. */
  readonly loss: number | null;
  /** What else is the matter with links from then on; null: nothing. */
  readonly harm: LinkHarm | null;
  /** By how much messages that are still on their way may be later than the latency has it. */
  readonly lateUs: number;
  /** Whether some reach others one way only, or by way of third ones, now. */
  readonly oneSided: boolean;
  /** As agents find the managers now, in each zone and on each side of a cut. */
  readonly outlooks: readonly Outlook[];
}

/** Gives the bound for a set of faults; `Bounds` does. */
export interface BoundSource {
  /** Share of messages that the configured network loses. */
  readonly baseLoss: number;
  /** What else it does to messages; null: nothing. */
  readonly baseHarm: LinkHarm | null;
  /** How long faults bear on later ones after the plane has become healthy. */
  readonly afterEffectUs: number;
  /** Managers that agents know from their start. Default: all. */
  readonly seeds?: number;
  boundFor(faults: EpisodeFaults): number | null;
  /** For how long after that time nothing could be done: in a live run, processes may stall. */
  stalledSinceUs?(timeUs: number): number;
}

type Survey = Pick<EpisodeFaults, 'managersGone' | 'goneAhead' | 'coordinatorAsked'> & {
  readonly leaderless: boolean;
};

/**
 * Adds up the faults that bear on the present recovery, and says by when it should be over. They
 * add up until the plane has been healthy, without any, for as long as they have after-effects. A
 * listener of the health whose truth it reads.
 */
export class EpisodeLog implements HealthListener {
  readonly #inventory: Inventory;
  readonly #truth: Truth;
  readonly #bounds: BoundSource;
  readonly #lost = new Set<Address>();
  readonly #returned = new Set<Address>();
  readonly #kinds = new Set<Disturbance['kind']>();
  /** Managers in the order of their closeness to the coordinator's key. */
  #line: readonly Address[] | null = null;
  /** Stores that were lost until `#line` was drawn up. */
  #generations = 0;
  #coordinatorLost = false;
  /** Those that crashed or were paused in that role. */
  readonly #coordinators = new Set<Address>();
  /** A coordinator was to leave: who was given the role asked nobody. */
  #roleGiven = false;
  #loss: number | null;
  /** Hosts off their usual rate, by clock and by slowness. */
  readonly #odd = { 'clock-set': new Set<Address>(), 'host-slowed': new Set<Address>() };
  #harm: LinkHarm | null;
  #lateUs: number;
  #healthySinceUs = Infinity;
  #t0Us = 0;
  /** As of the last disturbance. */
  #known: { readonly faults: EpisodeFaults; readonly boundUs: number | null } | null = null;

  constructor(truth: Truth, bounds: BoundSource) {
    this.#inventory = truth.inventory;
    this.#truth = truth;
    this.#bounds = bounds;
    this.#loss = bounds.baseLoss;
    this.#harm = bounds.baseHarm;
    this.#lateUs = bounds.baseHarm?.delayUs ?? 0;
  }

  /** Another that goes on from here by itself. */
  fork(): EpisodeLog {
    const fork = new EpisodeLog(this.#truth, this.#bounds);
    for (const manager of this.#lost) fork.#lost.add(manager);
    for (const manager of this.#returned) fork.#returned.add(manager);
    for (const kind of this.#kinds) fork.#kinds.add(kind);
    for (const manager of this.#coordinators) fork.#coordinators.add(manager);
    for (const kind of ['clock-set', 'host-slowed'] as const) {
      for (const manager of this.#odd[kind]) fork.#odd[kind].add(manager);
    }
    fork.#coordinatorLost = this.#coordinatorLost;
    fork.#roleGiven = this.#roleGiven;
    fork.#loss = this.#loss;
    fork.#harm = this.#harm;
    fork.#lateUs = this.#lateUs;
    fork.#healthySinceUs = this.#healthySinceUs;
    fork.#t0Us = this.#t0Us;
    return fork;
  }

  /** The last disturbance. */
  get t0Us(): number {
    return this.#t0Us;
  }

  get faults(): EpisodeFaults {
    return this.#know().faults;
  }

  /** B for these faults; null: nothing is promised. */
  get boundUs(): number | null {
    return this.#know().boundUs;
  }

  /** t0 + B, and later by what stalls took; or null. */
  get deadlineUs(): number | null {
    const { boundUs } = this;
    if (boundUs === null) return null;
    return this.#t0Us + boundUs + (this.#bounds.stalledSinceUs?.(this.#t0Us) ?? 0);
  }

  /** The faults, for people. */
  get words(): string {
    const { managersLost, managersReturned, reachabilityChanged, linksChanged } = this.faults;
    const parts: string[] = [];
    if (managersLost > 0) parts.push(`${managersLost} lost`);
    if (managersReturned > 0) parts.push(`${managersReturned} returned`);
    if (reachabilityChanged) parts.push('a change of reachability');
    if (linksChanged) parts.push('a change of links');
    if (this.#kinds.has('clock-set')) parts.push('a change of clocks');
    if (this.#kinds.has('host-slowed')) parts.push('a change of pace');
    return parts.length === 0 ? 'the start' : parts.join(', ');
  }

  disturbed(disturbance: Disturbance): void {
    const { timeUs, kind, process, coordinator, loss, harm } = disturbance;
    const quietSinceUs = Math.max(this.#healthySinceUs, this.#t0Us);
    if (timeUs - quietSinceUs > this.#bounds.afterEffectUs) this.#reset();
    this.#known = null;
    this.#t0Us = timeUs;
    this.#kinds.add(kind);
    // Who leaves is as good as gone: it may have to be missed after all.
    if (kind === 'manager-down' || kind === 'manager-paused' || kind === 'manager-leaving') {
      this.#lost.add(process);
      this.#coordinatorLost ||= coordinator;
      if (coordinator) this.#noteCoordinator(kind, process);
    } else if (kind === 'manager-up' || kind === 'manager-resumed') {
      this.#returned.add(process);
    } else if (kind === 'links-changed') {
      this.#loss = loss;
      this.#harm = harm;
      this.#lateUs = Math.max(this.#lateUs, harm?.delayUs ?? 0);
    } else if (kind === 'clock-set' || kind === 'host-slowed') {
      if (disturbance.odd === true) this.#odd[kind].add(process);
      else this.#odd[kind].delete(process);
    }
  }

  #noteCoordinator(kind: Disturbance['kind'], process: Address): void {
    if (kind === 'manager-leaving') this.#roleGiven = true;
    else this.#coordinators.add(process);
  }

  disturbancesShown(): void {
    this.#known = null;
    // Who has come back under a new id has another place in the line.
    if (this.#truth.generations > this.#generations) this.#line = null;
    this.#generations = this.#truth.generations;
    this.#know();
  }

  healthChanged({ healthy, timeUs }: Pick<HealthChange, 'healthy' | 'timeUs'>): void {
    this.#healthySinceUs = healthy ? timeUs : Infinity;
  }

  #reset(): void {
    this.#lost.clear();
    this.#returned.clear();
    this.#kinds.clear();
    this.#coordinatorLost = false;
    this.#coordinators.clear();
    this.#roleGiven = false;
    this.#lateUs = this.#harm?.delayUs ?? 0;
  }

  #know(): { readonly faults: EpisodeFaults; readonly boundUs: number | null } {
    if (this.#known !== null) return this.#known;
    const { managersGone, goneAhead, leaderless, coordinatorAsked } = this.#survey();
    const faults: EpisodeFaults = {
      managersLost: this.#lost.size,
      managersReturned: this.#returned.size,
      coordinatorLost: this.#coordinatorLost || leaderless,
      managersGone,
      goneAhead,
      coordinatorAsked,
      reachabilityChanged: this.#kinds.has('reachability'),
      linksChanged: this.#kinds.has('links-changed'),
      hostsOdd: this.#odd['clock-set'].size + this.#odd['host-slowed'].size,
      loss: this.#loss,
      harm: this.#harm,
      lateUs: this.#lateUs,
      oneSided: !this.#truth.reachability.isClean,
      outlooks: outlooksNow(this.#inventory, this.#truth, this.#bounds.seeds),
    };
    this.#known = { faults, boundUs: this.#bounds.boundFor(faults) };
    return this.#known;
  }

  /** Looks at all managers: once per instant with disturbances, which is rare. */
  #survey(): Survey {
    const { processes, reachability, actingManagers } = this.#truth;
    const live = new Map<number, number>();
    const led = new Set<number>();
    let goneAhead = 0;
    this.#line ??= lineOf(this.#inventory, (manager) => this.#truth.generationOf(manager));
    for (const [place, manager] of this.#line.entries()) {
      if (!processes.isLive(manager)) continue;
      const component = reachability.componentOf(manager);
      // Everyone ahead of the first of a component is gone, as that component sees it.
      if (!live.has(component)) goneAhead = Math.max(goneAhead, place);
      live.set(component, (live.get(component) ?? 0) + 1);
    }
    for (const manager of actingManagers) {
      if (processes.isLive(manager)) led.add(reachability.componentOf(manager));
    }
    const fewest = Math.min(...live.values());
    const managersGone = live.size === 0 ? 0 : this.#inventory.managers - fewest;
    const coordinatorAsked = live.size === 1 && this.#isCoordinatorBehind(goneAhead);
    return { managersGone, goneAhead, coordinatorAsked, leaderless: led.size < live.size };
  }

  /** The only one that was lost is still gone, and is none of those ahead. */
  #isCoordinatorBehind(goneAhead: number): boolean {
    if (this.#roleGiven || this.#coordinators.size !== 1) return false;
    const [former] = this.#coordinators;
    return !this.#truth.processes.isLive(former) && this.#line!.indexOf(former) >= goneAhead;
  }
}

function lineOf(
  inventory: Inventory,
  generationOf: (manager: Address) => number,
): readonly Address[] {
  const nodeOf = (address: Address): NodeId => inventory.nodeId(address, generationOf(address));
  return Array.from({ length: inventory.managers }, (_, address) => address)
    .map((address) => ({ address, node: nodeOf(address) }))
    .sort((a, b) => compareCloseness(coordinatorKey, a.node, b.node))
    .map(({ address }) => address);
}
