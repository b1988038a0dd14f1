export { sideLength } from './leaf-set.js';
export { Pastry, ringWholeUs } from './pastry.js';
