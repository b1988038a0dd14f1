import type { Environment } from './process.js';

/**
 * Coverage marks: situations that the protocol handles specially, by name. Code that comes to one
 * observes its mark, so that an exploration can tell which of them it has never reached.
 */
export const marks = [
  // -- election
  'coordinator stayed silent',
  'coordinator came back without the role',
  'several request one election',
  'election request sent again',
  'election requested of one that bootstraps',
  'coordinator deposed',
  'coordinator missed by some only',
  'coordinator of a lesser ballot than is missed',
  'two coordinators met',
  'late offer of the role',
  'role offered to one that leaves',
  // -- coordinator and model
  'registration during a rebuild',
  'agent fenced by a greater ballot',
  'rebuilt without some managers',
  'manager back in a new life',
  'gap in the deltas of a manager',
  'delta meant for a former coordinator',
  'move given up',
  'resource held by who does not hear it',
  'manager left alone by balancing',
  'model handed over to one without the role',
  'token that nobody gave out',
  'manager that does not hear the coordinator',
  'order that was never carried out',
  'offer that its agent never took',
  'inventory told twice or with a gap',
  'inventory held beyond what was told',
  'copy of the inventory dropped',
  'agent asked why it has not gone over',
  // -- managers
  'heartbeat of an earlier incarnation',
  'heartbeat for one who does not list it',
  'woke from a pause',
  'left before everything was handed over',
  // -- agents
  'answer to an older heartbeat',
  'all managers asked in vain',
  'older assignment refused',
  'assignment of a deposed coordinator refused',
  'action asked for again',
  'action refused',
  'host crashed during an action',
  // -- overlay
  'route around a dead node',
  'side of the leaf set lost',
  'node taken for dead answered',
  'rings met',
  'node came back under another id',
  'ring begun alone',
] as const;

export type Mark = (typeof marks)[number];

/** The process has come to one. */
export function mark(environment: Environment, name: Mark): void {
  environment.observe({ type: 'mark', name });
}
