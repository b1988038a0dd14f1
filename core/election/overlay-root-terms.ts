/** How long the election by the overlay's root takes at most. */
import type { ElectionSettings } from './settings.js';
import { inquiryTries } from './inquiry.js';
import type { ElectionTerms } from './terms.js';

export function overlayRootTerms(
  { tries, tryTimeoutUs, requestTimeoutUs }: ElectionSettings,
): ElectionTerms {
  return {
    /** The root asks the coordinator, then others, whether it is gone. */
    decideUs: inquiryTries(tries) * tryTimeoutUs,
    requestUs: requestTimeoutUs,
    askUs: tryTimeoutUs,
    /** It asks its seeds first; what was requested meanwhile is requested again. */
    startUs: tries * tryTimeoutUs + requestTimeoutUs,
    /** So many questions, then as many when it next hears of the ballot. */
    acknowledgeUs: (questions, heardPeriodUs) => {
      if (questions === 1) return 0;
      const rounds = Math.ceil(questions / tries);
      const again = (rounds - 1) * Math.max(heardPeriodUs, requestTimeoutUs);
      return Math.min(questions, tries) * tryTimeoutUs + again;
    },
  };
}
