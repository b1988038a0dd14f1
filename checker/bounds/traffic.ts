import { overlayTerms } from '../../core/overlay/index.js';
import type { ResolvedScenario } from '../../experiment/scenario/resolved.js';

/** Messages that a healthy system should send, per second. */
export interface ExpectedTraffic {
  readonly resourceHeartbeats: number;
  readonly resourceAnswers: number;
  readonly managerHeartbeats: number;
  readonly managerAnswers: number;
  readonly overlayProbes: number;
  readonly overlayProbeAnswers: number;
  /** None in a full mesh. */
  readonly overlayHeartbeats: number;
  readonly total: number;
}

export function expectedTraffic({ coordination, system }: ResolvedScenario): ExpectedTraffic {
  const { managers } = system;
  const resources = system.resources.reduce((sum, { count }) => sum + count, 0);
  const resourceHeartbeats = (resources * 1e6) / coordination.resources.heartbeatPeriodUs;
  // The coordinator reports to itself without a message.
  const reporting = Math.max(0, managers - 1);
  const managerHeartbeats = (reporting * 1e6) / coordination.managers.heartbeatPeriodUs;
  const probing = managers > 1 ? managers : 0;
  const overlayProbes = (probing * 1e6) / coordination.overlay.probePeriodUs;
  const { beats } = overlayTerms(coordination);
  const overlayHeartbeats = beats ? (probing * 1e6) / coordination.overlay.heartbeatPeriodUs : 0;
  return {
    resourceHeartbeats,
    resourceAnswers: resourceHeartbeats,
    managerHeartbeats,
    managerAnswers: managerHeartbeats,
    overlayProbes,
    overlayProbeAnswers: overlayProbes,
    overlayHeartbeats,
    total: 2 * (resourceHeartbeats + managerHeartbeats + overlayProbes) + overlayHeartbeats,
  };
}
