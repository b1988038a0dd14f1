/** The elections that a scenario can name: those that come along stand here as a guest's would. */
import type { Plugged } from '../plugged.js';
import type { Overlay } from '../overlay/index.js';
import type { Environment } from '../process.js';
import type {
  Election, ElectionImplementation, ElectionSettings, ElectionSite, ElectionUser,
} from './election.js';
import { OverlayRootElection } from './overlay-root.js';

/** By name. */
export const elections = {
  'overlay-root': {
    create: (config, environment, overlay, user, site) =>
      new OverlayRootElection(environment, overlay, user, { ...site, config }),
  },
} as const satisfies Readonly<Record<string, ElectionImplementation<ElectionSettings>>>;

/** @throws RangeError if none has the name in `settings`, and `own` is none */
export function createElection(
  settings: ElectionSettings, own: Plugged<ElectionImplementation> | undefined,
  environment: Environment, overlay: Overlay, user: ElectionUser, site: ElectionSite,
): Election {
  if (own !== undefined) {
    return own.implementation.create(own.settings, environment, overlay, user, site);
  }
  const { name } = settings;
  if (!Object.hasOwn(elections, name)) throw new RangeError(`there is no election ${name}`);
  return elections[name as keyof typeof elections].create(
    settings, environment, overlay, user, site,
  );
}
