export { type Election, type ElectionUser, type Yielder } from './election.js';
export { OverlayRootElection, type ElectionOptions } from './overlay-root.js';
