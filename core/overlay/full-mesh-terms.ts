/** How long a full mesh takes at most, for docs/bounds.md. */
import type { OverlayTerms } from './terms.js';
import { tries } from './tries.js';

export const fullMeshTerms: OverlayTerms = {
  broadcastHops: () => 1,
  /** The requester and the root find out about each of the dead, one after the other. */
  routeUs: ({ hopTimeoutUs }, goneAhead) => 2 * goneAhead * tries * hopTimeoutUs,
  /** It is configured. */
  joinUs: () => 0,
  goAroundUs: () => 0,
  probedUs: ({ probePeriodUs }, others) => others * probePeriodUs,
  /** All have been told who succeeds. */
  redirectionHops: 1,
  beats: false,
  /** Whoever was taken for dead is probed once in a round; an answer takes a hop's time at most. */
  wholeUs: ({ probePeriodUs, hopTimeoutUs }, managers) =>
    managers * probePeriodUs + tries * hopTimeoutUs,
};
