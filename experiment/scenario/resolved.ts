/** What readers of a scenario know of it. */
export type { FaultAction } from '../faults/kinds/index.js';
export type { Phase } from '../faults/phases.js';
export type { FaultSettings, FaultTime, Flapping } from './faults.js';
export type { LatencySettings, NetworkSettings } from './network.js';
export type { RttMatrix } from './rtt-matrix.js';
export type { ResolvedScenario } from './scenario.js';
export type {
  ClockSettings, KindSettings, MetricSettings, ResourceGroup, ServiceSettings, SystemSettings,
} from './system.js';
export type { FaultTarget, Party } from './targets.js';
export type { TraceTime } from './trace.js';
