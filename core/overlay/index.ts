export { createOverlay, wholeWithinUs } from './create.js';
export { FullMesh } from './full-mesh.js';
export { Pastry, sideLength } from './pastry/index.js';
export { type Overlay, type OverlayUser, type Peer } from './overlay.js';
export { compareCloseness, coordinatorKey, ringDistance } from './ring.js';
