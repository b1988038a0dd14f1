/** How long messages take, as a world asks for it. */
import type { Address } from '../core/process.js';
import type { Configurable } from '../core/configured.js';

export interface LatencyModel {
  /**
   * Whole microseconds, at least 1: so an effect is never at the instant of its cause.
   *
   * @param u - uniform draw in [0, 1), the message's own
   */
  delayUs(sender: Address, receiver: Address, u: number): number;
  /** Where the host is, among the sites of measured delays. */
  siteOf?(host: Address): number;
}

/** The hosts that messages go between, by address. */
export interface Sites {
  readonly zones: readonly string[];
  /** Index into `zones`, by address: its length is the number of hosts. */
  readonly zoneOf: Uint16Array;
}

/** Latency of the user's own. */
export interface LatencyImplementation<Settings = unknown> extends Configurable<Settings> {
  /** Called once per run; whatever is random must follow from `seed`. */
  create(settings: Settings, sites: Sites, seed: number): LatencyModel;
  /** No message takes longer: timeouts and bounds are derived from it. */
  longestUs(settings: Settings): number;
}
