/** How long Pastry takes at most, for docs/bounds.md: from the numbers by which its parts go. */
import ln from '@stdlib/math-base-special-ln';
import type { OverlayTerms } from '../terms.js';
import { longestRoundHops, patientRounds } from './joining.js';
import { tries } from '../tries.js';
import { doubtLimit } from './routes.js';
import { base } from './routing-table.js';

export const pastryTerms: OverlayTerms = {
  /** Each digit of an id divides the ring; an arc may lie on both sides of a border. */
  broadcastHops: (managers) => {
    let digits = 0;
    for (let reach = 1; reach < managers; reach *= base) digits += 1;
    return 2 * digits + 1;
  },
  /**
   * The root's own request ends where it began. The first who is gone takes all tries; those that
   * come next are asked meanwhile, one timeout later.
   */
  routeUs: ({ hopTimeoutUs }, goneAhead) => {
    const rounds = Math.ceil(goneAhead / doubtLimit);
    return rounds * (tries + (goneAhead > 1 ? 1 : 0)) * hopTimeoutUs;
  },
  joinUs: ({ hopTimeoutUs }) => patientRounds * longestRoundHops * hopTimeoutUs,
  /** At most one on each level. */
  goAroundUs: ({ hopTimeoutUs }, gone, managers) =>
    Math.min(gone, pastryTerms.broadcastHops(managers)) * tries * hopTimeoutUs,
  probedUs: ({ probePeriodUs }, others) => others * probePeriodUs,
  /** The report, that it is deposed, and the report to its successor. */
  redirectionHops: 3,
  /** Each makes the prefix that is shared one digit longer; the last is to another node. */
  routeHops: (managers) => Math.max(1, ln(managers) / ln(base)),
  beats: true,
  /** The dead are missed and gone around (`repair`), then parts of a ring meet (`mergeRings`). */
  wholeUs: ({ heartbeatPeriodUs, probePeriodUs, hopTimeoutUs }) =>
    heartbeatPeriodUs + probePeriodUs + 20 * hopTimeoutUs,
};
