/**
 * The suites that every implementation of an interface must pass, as tests of tap; in the package
 * as `howdah/conformance`. They need `tap` and `fast-check` installed.
 */
export { assignmentConformance } from './assignment.js';
export { detectorConformance, type DetectorTraits } from './detector.js';
export { electionConformance, type ElectionTraits, type MakeElection } from './election.js';
export {
  environmentConformance, type Conduct, type EnvironmentWorld, type Occasion,
} from './environment.js';
export { overlayConformance, type OverlayTraits } from './overlay.js';
export { transportConformance, type TransportWorld } from './transport.js';
