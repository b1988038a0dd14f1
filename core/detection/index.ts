export {
  createDetector, detectors, learningOf, leastSilenceUs, longestSilenceUs, tuningOf,
  type DetectionSettings,
} from './create.js';
export type {
  Detector, DetectorImplementation, DetectorSite, Rhythm,
} from './detector.js';
export { FixedTimeout } from './fixed.js';
export { deviationsAt, PhiAccrual, type PhiAccrualSettings } from './phi-accrual.js';
