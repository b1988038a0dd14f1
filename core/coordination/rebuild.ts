/**
 * What a new coordinator waits for: until the managers have reported it assigns nothing, and global
 * rules wait for as long again as agents may take that lost their managers with it.
 */
import { seedsOf, type CoreConfig } from './config.js';
import type { Registration } from './messages.js';
import type { Address } from '../process.js';
import { longSearchUs, triesInVain } from './walk-terms.js';

/** The chance that a search takes longer than global rules wait for it. */
const hardlyEver = 1e-9;

/** A registration that came meanwhile. */
export interface Queued {
  readonly entry: Registration;
  readonly agent: Address;
}

export interface RebuildOptions {
  /** The managers that should report. */
  readonly awaited: Iterable<Address>;
  readonly config: CoreConfig;
  /** How many managers are known from the start. */
  readonly configured: number;
  readonly electedUs: number;
  /** All that is registered is known: what nobody reports is unknown, and its groups wait. */
  readonly knowsAll: boolean;
}

export class Rebuild {
  readonly #options: RebuildOptions;
  /** Managers that it still waits for; null: it is over. */
  #awaited: Set<Address> | null;
  #rulesFromUs = Infinity;
  #someRulesFromUs = Infinity;
  /** By resource. */
  readonly #queued = new Map<number, Queued>();

  constructor(options: RebuildOptions) {
    this.#options = options;
    this.#awaited = new Set(options.awaited);
  }

  get isOver(): boolean {
    return this.#awaited === null;
  }

  /** Global rules are enforced from then on; Infinity: that is not known yet. */
  get rulesFromUs(): number {
    return this.#rulesFromUs;
  }

  /** The same, of groups of which all is known. */
  get someRulesFromUs(): number {
    return this.#someRulesFromUs;
  }

  /** The manager has told all, or is gone; true: that is all that was waited for. */
  heard(manager: Address): boolean {
    this.#awaited?.delete(manager);
    return this.#awaited?.size === 0;
  }

  /** It ends, with so many managers; true: with none that it waited for still. */
  end(managers: number, nowUs: number): boolean {
    const isWhole = this.#awaited?.size === 0;
    this.#awaited = null;
    this.#rulesFromUs = this.#options.electedUs + this.#registeredAnewUs(managers);
    this.#someRulesFromUs = this.#options.knowsAll ? nowUs : this.#rulesFromUs;
    return isWhole;
  }

  /** Resources that lost their managers too are missing until their agents have found others. */
  #registeredAnewUs(managers: number): number {
    const { config, configured } = this.#options;
    const { resources } = config;
    const seeds = seedsOf(config, configured);
    const gone = Math.min(seeds, Math.max(0, configured - managers));
    const outlook = { near: seeds, far: 0, nearGone: gone, farGone: 0 };
    const tries = triesInVain(outlook, 0, hardlyEver) + 1;
    return resources.heartbeatPeriodUs + longSearchUs(resources, tries, seeds);
  }

  /** The latest word of its agent counts. */
  queue(entry: Registration, agent: Address): void {
    this.#queued.set(entry.resource, { entry: { ...entry }, agent });
  }

  /** It has been registered. */
  unqueue(resource: number): void {
    this.#queued.delete(resource);
  }

  /** Takes so many of the queued at most, the first ones. */
  *take(most: number): Generator<Queued> {
    let left = most;
    for (const [resource, queued] of this.#queued) {
      if (left === 0) break;
      left -= 1;
      this.#queued.delete(resource);
      yield queued;
    }
  }

  get hasQueued(): boolean {
    return this.#queued.size > 0;
  }
}
