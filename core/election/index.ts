export { createElection, elections } from './create.js';
export {
  type Election, type ElectionImplementation, type ElectionSettings, type ElectionSite,
  type ElectionUser, type Succession,
} from './election.js';
export { inquiryTries } from './inquiry.js';
export { OverlayRootElection, type ElectionOptions } from './overlay-root.js';
export type { CoordinatorAnnounce, ElectionRequest } from './messages.js';
