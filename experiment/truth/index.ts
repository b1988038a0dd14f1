export { Truth } from './truth.js';
