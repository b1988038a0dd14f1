export { createOverlay, overlays, overlayTerms } from './create.js';
export { FullMesh } from './full-mesh.js';
export { Pastry, sideLength, type PastryMessage } from './pastry/index.js';
export { nextInLine } from './line.js';
export {
  firstIdOf, type GuestOverlay, type Overlay, type OverlayImplementation, type OverlaySite,
  type OverlayUser, type Peer,
} from './overlay.js';
export type { OverlaySettings } from './settings.js';
export type { OverlayTerms } from './terms.js';
export { compareCloseness, coordinatorKey, ringDistance } from './ring.js';
