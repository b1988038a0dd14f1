export { Health, type HealthWindows } from './health.js';
export {
  conditions,
  type ConditionChange,
  type Disturbance,
  type FaultRecovery,
  type HealthChange,
  type HealthListener,
  type Suspicion,
} from './listener.js';
