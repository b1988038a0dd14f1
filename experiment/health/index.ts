export { Health, type HealthWindows } from './health.js';
export {
  conditions,
  type Condition,
  type ConditionChange,
  type ConditionStates,
  type Disturbance,
  type FaultRecovery,
  type HealthChange,
  type HealthListener,
  type Suspicion,
  type Violation,
} from './listener.js';
