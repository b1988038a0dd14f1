/** What a scenario says of brakes, over all rules. */
import type { Verb } from '../process.js';

/** What counts together: all there is, or what is in one zone, or has the same label `group`. */
export type Over = 'run' | 'zone' | 'group';

/** A brake of the scenario, over all rules. */
export interface BrakeSettings {
  readonly over: Over;
  /** The verbs that it counts and holds. */
  readonly of: readonly Verb[];
  /** At most so many actions in any window; null: any number. */
  readonly budget: { readonly atMost: number; readonly perUs: number } | null;
  /** Nothing begins while more than this share of what should be up is down; null: whatever is. */
  readonly halt: number | null;
  /** How many may be unavailable by our own doing at a time; null: any number. */
  readonly unavailable: number | null;
}

/** For a time no rule acts on the resources of a host, a zone or a group. */
export interface Silence {
  readonly over: 'host' | 'zone' | 'group';
  readonly name: string;
  /** By the clock of who enforces the rules. */
  readonly fromUs: number;
  readonly untilUs: number;
}
