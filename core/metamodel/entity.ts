/** What the meta-model says about one managed resource. */
import { labels, record, text, word, type Of } from '../wire/record.js';

/**
 * `up`: serving. `starting`: on its way up. `stopped`: off on purpose, a spare.
 * `down`: crashed, or silent for longer than its detector allows. `stopping`: a stop is under way,
 * and whoever comes to decide about the resource sees that. With an inventory `down` is only what
 * is silent on a host that answers; `unreachable`: a manager that had time to listen hears neither;
 * `unknown`: no living manager has had time to listen.
 */
export const states = [
  'up', 'starting', 'stopped', 'down', 'stopping', 'unknown', 'unreachable',
] as const;
export const state = word(states);
export type ResourceState = Of<typeof state>;

/** Whether whoever tells of it has not heard it. */
export function isSilent(state: ResourceState): boolean {
  return state === 'down' || state === 'unreachable' || state === 'unknown';
}

/** Whether whoever tells of it has heard neither it nor its host. */
export function isUnheard(state: ResourceState): boolean {
  return state === 'unreachable' || state === 'unknown';
}

/** The part of an entity that never changes; one shared, immutable object per resource. */
export const descriptor = record('descriptor', {
  name: text, kind: text, host: text, zone: text, labels,
});
export type Descriptor = Of<typeof descriptor>;

/** A kind of resource, as rules and sensors see it. */
export interface Kind {
  readonly name: string;
  /** Names of the values that sensors report, in the order in which messages carry them. */
  readonly metrics: readonly string[];
  /** A metric goes up to the coordinator when it moved at least this far, per metric. */
  readonly resolutions: readonly number[];
}

/** One entity as a reader sees it; made on demand from the tables that hold it. */
export interface Entity {
  readonly resource: number;
  readonly descriptor: Descriptor;
  readonly state: ResourceState;
  readonly incarnation: number;
  readonly metrics: readonly number[] | null;
}
