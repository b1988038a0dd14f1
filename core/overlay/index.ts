export { createOverlay, overlays, overlayTerms } from './create.js';
export { FullMesh } from './full-mesh.js';
export { Pastry, sideLength, type PastryMessage } from './pastry/index.js';
export type {
  GuestOverlay, Overlay, OverlayImplementation, OverlaySite, OverlayUser, Peer,
} from './overlay.js';
export { nextInLine } from './line.js';
export { nodeAmong } from './overlay.js';
export type { OverlaySettings } from './settings.js';
export type { OverlayTerms } from './terms.js';
export { compareCloseness, coordinatorKey, ringDistance } from './ring.js';
