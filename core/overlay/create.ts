/** The overlays that a scenario can name: those that come along stand here as a guest's would. */
import { named, type Configured } from '../configured.js';
import type { Address, Environment } from '../process.js';
import type { Fields } from '../settings.js';
import { FullMesh } from './full-mesh.js';
import { fullMeshTerms } from './full-mesh-terms.js';
import {
  nodeAmong, type Overlay, type OverlayImplementation, type OverlaySite, type OverlayUser,
} from './overlay.js';
import { Pastry, pastryTerms } from './pastry/index.js';
import { overlayFields, type OverlaySettings } from './settings.js';
import type { OverlayTerms } from './terms.js';

/** By name, the one taken by default first. */
export const overlays = {
  pastry: {
    fields: overlayFields(1),
    create: (_settings, environment, user, { times, node, managers }) =>
      new Pastry(environment, user, times, node, managers),
    terms: pastryTerms,
  },
  'full-mesh': {
    fields: overlayFields(2),
    create: (_settings, environment, user, { times, node, managers }) =>
      new FullMesh(environment, user, times, node, managers),
    terms: fullMeshTerms,
  },
} as const satisfies Readonly<
  Record<string, OverlayImplementation & { readonly fields: Fields }>
>;

/**
 * The overlay of that name, or the user's own.
 *
 * @throws RangeError if there is none
 */
export function createOverlay(
  name: string, own: Configured<OverlayImplementation> | undefined,
  environment: Environment, user: OverlayUser, site: OverlaySite,
): Overlay {
  const { implementation, settings } = own ??
    { implementation: named(overlays, name), settings: {} };
  const overlay = implementation.create(settings, environment, user, site);
  const nodeOf = (address: Address) => nodeAmong(site.managers, address);
  return overlay.nodeOf === undefined ? Object.assign(overlay, { nodeOf }) : overlay as Overlay;
}

/**
 * Terms of the bound of the overlay of that name, or of the user's own; where that has none, those
 * stand in for it.
 *
 * @throws RangeError if there is none
 */
export function overlayTerms({ overlay, fromPlugins }: {
  readonly overlay: OverlaySettings;
  readonly fromPlugins?: { readonly overlay?: Configured<OverlayImplementation> };
}): OverlayTerms {
  return fromPlugins?.overlay?.implementation.terms ?? named(overlays, overlay.name).terms;
}
