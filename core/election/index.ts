export { createElection, elections, electionTerms } from './create.js';
export {
  type Election, type ElectionImplementation, type ElectionSite,
  type ElectionUser, type Succession,
} from './election.js';
export { OverlayRootElection, type ElectionOptions } from './overlay-root.js';
export { overlayRootTerms } from './overlay-root-terms.js';
export type { ElectionSettings } from './settings.js';
export type { CoordinatorAnnounce, ElectionRequest } from './messages.js';
export type { ElectionTerms } from './terms.js';
