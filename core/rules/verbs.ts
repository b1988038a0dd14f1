/** What each verb does to a resource, declared: rules are checked and watched by it. */
import type { ResourceState } from '../metamodel/entity.js';
import type { Verb } from '../process.js';

export interface Effect {
  /** The states in which it makes sense; elsewhere the actuator refuses it. */
  readonly from: readonly ResourceState[];
  /** As what its target counts while it is under way. */
  readonly meanwhile: 'starting' | 'stopped';
  /** As what when it is done. */
  readonly after: 'up' | 'stopped';
}

export const effects: Readonly<Record<Verb, Effect>> = {
  // One that only seemed silent is not restarted: the agent knows better than the detector.
  restart: { from: ['down'], meanwhile: 'starting', after: 'up' },
  start: { from: ['stopped', 'down'], meanwhile: 'starting', after: 'up' },
  stop: { from: ['up', 'starting'], meanwhile: 'stopped', after: 'stopped' },
};

export const verbs = Object.keys(effects) as readonly Verb[];

/** Whether one leads back to where the other came from. */
export function undoes(one: Verb, other: Verb): boolean {
  return effects[one].after !== effects[other].after;
}
