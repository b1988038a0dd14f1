export { type Detector } from './detector.js';
export { FixedTimeout } from './fixed.js';
