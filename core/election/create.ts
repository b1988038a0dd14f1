/** The elections that a scenario can name: those that come along stand here as a guest's would. */
import { named, type Configured } from '../configured.js';
import type { Fields } from '../settings.js';
import type { Overlay } from '../overlay/index.js';
import type { Environment } from '../process.js';
import type {
  Election, ElectionImplementation, ElectionSite, ElectionUser,
} from './election.js';
import { OverlayRootElection } from './overlay-root.js';
import { overlayRootTerms } from './overlay-root-terms.js';
import type { ElectionTerms } from './terms.js';
import { electionFields, type ElectionSettings } from './settings.js';

/** By name. */
export const elections = {
  'overlay-root': {
    fields: electionFields,
    create: (config, environment, overlay, user, site) =>
      new OverlayRootElection(environment, overlay, user, { ...site, config }),
    terms: overlayRootTerms,
  },
} as const satisfies Readonly<
  Record<string, ElectionImplementation<ElectionSettings> & { readonly fields: Fields }>
>;

/** @throws RangeError if none has the name in `settings`, and `own` is none */
export function createElection(
  settings: ElectionSettings, own: Configured<ElectionImplementation> | undefined,
  environment: Environment, overlay: Overlay, user: ElectionUser, site: ElectionSite,
): Election {
  if (own !== undefined) {
    return own.implementation.create(own.settings, environment, overlay, user, site);
  }
  return named(elections, settings.name).create(settings, environment, overlay, user, site);
}

/**
 * Terms of the bound of the election of that name, or of the user's own; where that has none, those
 * stand in for it.
 *
 * @throws RangeError if there is none
 */
export function electionTerms({ election, fromPlugins }: {
  readonly election: ElectionSettings;
  readonly fromPlugins?: { readonly election?: Configured<ElectionImplementation> };
}): ElectionTerms {
  const own = fromPlugins?.election;
  return own?.implementation.terms?.(own.settings) ??
    named(elections, election.name).terms(election);
}
