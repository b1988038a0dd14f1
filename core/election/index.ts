export { type Election, type ElectionUser } from './election.js';
export { OverlayRootElection, type ElectionOptions } from './overlay-root.js';
