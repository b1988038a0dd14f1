import type { OverlaySettings } from './settings.js';

/** What an overlay adds to the bounds of docs/bounds.md; without the time that messages take. */
export interface OverlayTerms {
  /** Messages that a broadcast takes one after the other to reach the last of so many. */
  broadcastHops(managers: number): number;
  /** A request to come to the root of its key, where so many that are gone lie nearer to it. */
  routeUs(config: OverlaySettings, goneAhead: number): number;
  /** A node that has returned to be part of the overlay, or to know that there is none. */
  joinUs(config: OverlaySettings): number;
  /** A broadcast to go around those that are gone. */
  goAroundUs(config: OverlaySettings, gone: number, managers: number): number;
  /** A node to have probed so many others, one after the other. */
  probedUs(config: OverlaySettings, others: number): number;
  /** Messages until a manager reports elsewhere, from its first that a deposed coordinator gets. */
  readonly redirectionHops: number;
  /** Hops of a routed message among so many, in the mean; undefined: nobody says. */
  routeHops?(managers: number): number;
  /** Whether nodes send each other heartbeats besides probes. */
  readonly beats: boolean;
  /** From when all links and nodes have returned until each of so many knows those next to it. */
  wholeUs(config: OverlaySettings, managers: number): number;
}
