export { createOverlay, overlayTerms } from './create.js';
export { FullMesh } from './full-mesh.js';
export { Pastry, sideLength, type PastryMessage } from './pastry/index.js';
export { type Overlay, type OverlaySettings, type OverlayUser, type Peer } from './overlay.js';
export type { OverlayTerms } from './terms.js';
export { compareCloseness, coordinatorKey, ringDistance } from './ring.js';
