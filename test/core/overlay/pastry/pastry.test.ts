import { Pastry } from '../../../../core/overlay/index.js';
import { overlayConformance } from '../../../conformance/overlay.js';
import { overlayTimes, type MakeOverlay } from '../node.js';

const make: MakeOverlay = (...given) => new Pastry(...given);
const { heartbeatPeriodUs, probePeriodUs, hopTimeoutUs } = overlayTimes;

overlayConformance('Pastry', make, {
  tries: 2,
  joinUs: 40 * hopTimeoutUs,
  // The origin, a node on the way, and the root; each asks all that are in doubt at once.
  aroundUs: () => 3 * 3 * hopTimeoutUs,
  probingPairs: 12,
  probeRoundUs: (nodes) => heartbeatPeriodUs + (nodes + 1) * probePeriodUs + 10 * hopTimeoutUs,
});
