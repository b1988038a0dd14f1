import type { NodeId } from '../identity.js';
import type { Environment } from '../process.js';
import { FullMesh } from './full-mesh.js';
import { fullMeshTerms } from './full-mesh-terms.js';
import type { Overlay, OverlaySettings, OverlayUser, Peer } from './overlay.js';
import { Pastry, pastryTerms } from './pastry/index.js';
import type { OverlayTerms } from './terms.js';

/**
 * The overlay of that name in `config`.
 *
 * @throws RangeError if there is none
 */
export function createOverlay(
  environment: Environment,
  user: OverlayUser,
  config: OverlaySettings,
  self: NodeId,
  peers: readonly Peer[],
): Overlay {
  switch (config.name) {
    case 'pastry':
      return new Pastry(environment, user, config, self, peers);
    case 'full-mesh':
      return new FullMesh(environment, user, config, self, peers);
    default:
      throw new RangeError(`there is no overlay ${config.name}`);
  }
}

/**
 * Terms of the bound of the overlay of that name.
 *
 * @throws RangeError if there is none
 */
export function overlayTerms({ name }: OverlaySettings): OverlayTerms {
  switch (name) {
    case 'pastry':
      return pastryTerms;
    case 'full-mesh':
      return fullMeshTerms;
    default:
      throw new RangeError(`there is no overlay ${name}`);
  }
}
