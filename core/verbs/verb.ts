import type { ResourceState } from '../metamodel/entity.js';

/** What one verb does to a resource: rules are checked, watched and held by it. */
export interface VerbKind<Name extends string = string> {
  readonly name: Name;
  /** The states in which it makes sense; elsewhere the actuator refuses it. */
  readonly from: readonly ResourceState[];
  /**
   * Whether its target is up must be as its issuer sees it: the agent knows better than a detector
   * what only seemed silent.
   */
  readonly asSeen?: true;
  /** As what its target counts while it is under way. `starting`: of a new incarnation. */
  readonly meanwhile: 'starting' | 'stopped';
  /** As what when it is done. */
  readonly after: 'up' | 'stopped';
  /** Its target is out of service because of it, until it serves again. */
  readonly interrupts?: true;
  /** How long it takes where a scenario does not say, as users write durations. */
  readonly usual: string;
  readonly meaning?: string;
}

/** Types one where it is written. */
export function verbKind<const Name extends string>(kind: VerbKind<Name>): VerbKind<Name> {
  return kind;
}
