export { sideLength } from './leaf-set.js';
export { Pastry } from './pastry.js';
export { pastryTerms } from './terms.js';
export type { PastryMessage } from './messages.js';
