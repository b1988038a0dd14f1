export { Pastry } from './pastry.js';
