export type { Component } from './component.js';
export { Health, type HealthWindows } from './health.js';
export {
  conditions,
  type ComponentChange,
  type ConditionChange,
  type Disturbance,
  type FaultRecovery,
  type HealthChange,
  type HealthListener,
  type Suspicion,
} from './listener.js';
