import type { Address } from '../../core/process.js';
import { NO_BALLOT, type Truth } from '../truth/index.js';
import type { Differences } from './differences.js';

/** Bits that say how a resource stands; see {@link Component}. */
export const LIVE = 1;
export const HELD = 2;
/** It counts, and no live manager of the component holds it. */
export const UNHELD = 4;
/** It counts and is held, and another live manager lists it for longer than W. */
export const LISTED_TWICE = 8;

/** The tallies of one component of two-way reachability. */
export class Component {
  /** Indices of its zones, ascending. */
  readonly zones: readonly number[];
  /** Whether it is healthy, as last told; null before that. */
  toldHealthy: boolean | null = null;
  liveManagers = 0;
  /** Live managers that have been up for J. */
  countedManagers = 0;
  /** Live managers that act as coordinator, in the order of election. */
  #acting: readonly Address[] = [];
  #leader: Address = -1;
  #model: Differences | null = null;
  liveResources = 0;
  heldResources = 0;
  unheld = 0;
  listedTwice = 0;
  /** Counted managers by the number of the ballot that they acknowledge. */
  readonly #acknowledging = new Map<number, number>();

  constructor(zones: readonly number[]) {
    this.zones = zones;
  }

  /** A component without a live manager is not judged. */
  get isJudged(): boolean {
    return this.liveManagers > 0;
  }

  get acting(): readonly Address[] {
    return this.#acting;
  }

  /** Of those that act as coordinator the one with the greatest ballot; -1 if none acts. */
  get leader(): Address {
    return this.#leader;
  }

  /** What the leader's model shows wrong; null if nobody acts. */
  get model(): Differences | null {
    return this.#model;
  }

  /**
   * To be told whenever somebody begins or ceases to act, or takes another ballot.
   *
   * @param models - of those that act
   */
  setActing(
    acting: readonly Address[], truth: Truth, models: ReadonlyMap<Address, Differences>,
  ): void {
    this.#acting = acting;
    this.#leader = -1;
    for (const manager of acting) {
      const ballot = this.#leader === -1 ? NO_BALLOT : truth.acting(this.#leader);
      if (truth.ballots.compare(truth.acting(manager), ballot) > 0) this.#leader = manager;
    }
    this.#model = models.get(this.#leader) ?? null;
  }

  /** A counted manager acknowledges this ballot (`step` 1), or does so no longer (-1). */
  acknowledge(ballot: number, step: 1 | -1): void {
    this.countedManagers += step;
    this.#acknowledging.set(ballot, (this.#acknowledging.get(ballot) ?? 0) + step);
  }

  /** Adds (`step` 1) or takes back (-1) a resource that stands so. */
  count(bits: number, step: 1 | -1): void {
    if ((bits & LIVE) !== 0) this.liveResources += step;
    if ((bits & HELD) !== 0) this.heldResources += step;
    if ((bits & UNHELD) !== 0) this.unheld += step;
    if ((bits & LISTED_TWICE) !== 0) this.listedTwice += step;
  }

  /** Counted managers that do not acknowledge the ballot. */
  disagreeing(ballot: number): number {
    return this.countedManagers - (this.#acknowledging.get(ballot) ?? 0);
  }

  /** Condition 1: one coordinator, acknowledged by all. */
  hasCoordinator(truth: Truth): boolean {
    const [only] = this.acting;
    return this.acting.length === 1 && this.disagreeing(truth.acting(only)) === 0;
  }

  /** Condition 2: all live resources held, by one manager each. */
  get isManaged(): boolean {
    return this.unheld === 0 && this.listedTwice === 0;
  }
}
