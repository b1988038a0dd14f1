/** A rolling restart: resources in turn, zone by zone, few at a time, until one does not return. */
import type { Observation } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import type { Inventory } from '../inventory.js';
import type { FaultAction } from '../scenario/resolved.js';
import type { FaultControls } from '../world.js';

export type Rolling = FaultAction & { readonly kind: 'rolling' };

/** What is due: the next one may begin, or one that began should be up again. */
const NEXT = 1;
const FIRST = 2;

/** What a rollout asks of whoever makes its faults; never at the instant at which it is told. */
export interface RolloutHands {
  /** Has {@link Rollout.due} called with the same number after a delay. */
  schedule(what: number, delayUs: number): void;
  /** Restarts a resource; `what` is a number of its own. */
  restart(resource: number, what: number): void;
  /** A resource was due that is down, and was passed over. */
  skipped(): void;
}

export class Rollout {
  readonly #settings: Rolling;
  readonly #controls: FaultControls;
  readonly #inventory: Inventory;
  readonly #hands: RolloutHands;
  /** Zone by zone, within one by number. */
  readonly #order: readonly number[];
  readonly #members: ReadonlySet<number>;
  /** Members that are not up, for whatever reason. */
  readonly #down = new Set<number>();
  /** Restarted and not up yet, with the place in the order. */
  readonly #underWay = new Map<number, number>();
  /** Slots of those that came up a short while ago. */
  #pausing = 0;
  #next = 0;
  #stopped = false;

  constructor(
    settings: Rolling, inventory: Inventory, controls: FaultControls, hands: RolloutHands,
  ) {
    this.#settings = settings;
    this.#inventory = inventory;
    this.#controls = controls;
    this.#hands = hands;
    const wanted = Object.entries(settings.labels);
    const members: number[] = [];
    for (let resource = 0; resource < inventory.resources; resource += 1) {
      const { labels } = inventory.descriptor(resource);
      if (inventory.spare[resource] === 0 && wanted.every(([key, text]) => labels[key] === text)) {
        members.push(resource);
      }
    }
    const zone = (resource: number): number => this.#zoneOf(resource);
    this.#order = members.sort((a, b) => zone(a) - zone(b) || a - b);
    this.#members = new Set(members);
  }

  begin(): void {
    for (const resource of this.#order) {
      if (!this.#controls.isResourceUp(resource)) this.#down.add(resource);
    }
    this.#fill();
  }

  /** No other resource is restarted by it. */
  stop(): void {
    this.#stopped = true;
  }

  /** What {@link RolloutHands.schedule} was told. */
  due(what: number): void {
    if (what >= FIRST) {
      const place = what - FIRST;
      if (this.#underWay.get(this.#order[place]) === place) this.stop();
      return;
    }
    this.#pausing = Math.max(0, this.#pausing - 1);
    this.#fill();
  }

  observe(process: Address, observation: Observation): void {
    if (observation.type === 'process-down') {
      for (const resource of this.#inventory.resourcesOf(process)) this.#lost(resource);
    }
    if (observation.type !== 'resource-state') return;
    const { resource, state } = observation;
    if (state !== 'up') return this.#lost(resource);
    if (!this.#down.delete(resource)) return;
    this.#underWay.delete(resource);
    // Also where another fault took it down: what returns has to prove itself for as long.
    this.#pausing += 1;
    this.#hands.schedule(NEXT, this.#settings.pauseUs);
  }

  #lost(resource: number): void {
    if (this.#members.has(resource)) this.#down.add(resource);
  }

  #fill(): void {
    const { unavailable, timeoutUs } = this.#settings;
    while (!this.#stopped && this.#next < this.#order.length) {
      const place = this.#next;
      const resource = this.#order[place];
      if (this.#down.size + this.#pausing >= unavailable || this.#isAheadOf(resource)) return;
      this.#next += 1;
      if (!this.#controls.isResourceUp(resource)) {
        this.#hands.skipped();
        continue;
      }
      this.#down.add(resource);
      this.#underWay.set(resource, place);
      this.#hands.restart(resource, FIRST + place);
      this.#hands.schedule(FIRST + place, timeoutUs);
    }
  }

  /** Whether the zone before is not done yet. */
  #isAheadOf(resource: number): boolean {
    const zone = this.#zoneOf(resource);
    const [first] = this.#underWay.keys();
    if (first !== undefined && this.#zoneOf(first) !== zone) return true;
    const before = this.#order[this.#next - 1];
    return before !== undefined && this.#zoneOf(before) !== zone && this.#pausing > 0;
  }

  #zoneOf(resource: number): number {
    return this.#inventory.zoneOf[this.#inventory.agentOf[resource]];
  }
}
