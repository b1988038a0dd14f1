/** What readers of a scenario know of it. */
export type { FaultAction } from '../faults/kinds/index.js';
export type { Phase } from '../faults/phases.js';
export type { FaultSettings, FaultTime } from '../faults/settings.js';
export type { LatencySettings, NetworkSettings } from '../settings/network.js';
export type { RttMatrix } from '../settings/rtt-matrix.js';
export type { ResolvedScenario } from './scenario.js';
export type { ClockSettings, KindSettings, ServiceSettings } from '../settings/system.js';
export type { FaultTarget, Party } from '../language/targets.js';
export type { TraceTime } from '../traces/settings.js';
