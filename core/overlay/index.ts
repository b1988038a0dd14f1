export { FullMesh } from './full-mesh.js';
export { type Overlay, type OverlayUser, type Peer } from './overlay.js';
export { compareCloseness, coordinatorKey, ringDistance } from './ring.js';
