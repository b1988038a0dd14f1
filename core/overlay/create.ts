import type { CoreConfig } from '../config.js';
import type { NodeId } from '../identity.js';
import type { Environment } from '../process.js';
import { FullMesh, meshWholeUs } from './full-mesh.js';
import type { Overlay, OverlayUser, Peer } from './overlay.js';
import { Pastry, ringWholeUs } from './pastry/index.js';

/**
 * The overlay of that name in `config`.
 *
 * @throws RangeError if there is none
 */
export function createOverlay(
  environment: Environment,
  user: OverlayUser,
  config: CoreConfig['overlay'],
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

/** So long after all links and nodes have returned, each of `managers` knows those next to it. */
export function wholeWithinUs(config: CoreConfig['overlay'], managers: number): number {
  return config.name === 'full-mesh' ? meshWholeUs(config, managers) : ringWholeUs(config);
}
