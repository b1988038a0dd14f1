/** The elections that a scenario can name. */
import type { Plugged } from '../plugged.js';
import type { Overlay } from '../overlay/index.js';
import type { Environment } from '../process.js';
import type {
  Election, ElectionImplementation, ElectionSettings, ElectionSite, ElectionUser,
} from './election.js';
import { OverlayRootElection } from './overlay-root.js';

export function createElection(
  settings: ElectionSettings,
  own: Plugged<ElectionImplementation> | undefined,
  environment: Environment,
  overlay: Overlay,
  user: ElectionUser,
  site: ElectionSite,
): Election {
  if (own !== undefined) {
    return own.implementation.create(own.settings, environment, overlay, user, site);
  }
  return new OverlayRootElection(environment, overlay, user, { ...site, config: settings });
}
