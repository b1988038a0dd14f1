/** The elections that a scenario can name. */
import type { CoreConfig } from '../config.js';
import type { Overlay } from '../overlay/index.js';
import type { Environment } from '../process.js';
import type { Election, ElectionSite, ElectionUser } from './election.js';
import { OverlayRootElection } from './overlay-root.js';

export function createElection(
  config: CoreConfig,
  environment: Environment,
  overlay: Overlay,
  user: ElectionUser,
  site: ElectionSite,
): Election {
  const own = config.plugged?.election;
  if (own !== undefined) {
    return own.implementation.create(own.settings, environment, overlay, user, site);
  }
  return new OverlayRootElection(environment, overlay, user, {
    ...site, config: config.election,
  });
}
