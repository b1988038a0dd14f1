export { Agents, createAgent } from './agent.js';
export {
  copiedUs, disownedUs, listenedUs, lookedForUs,
} from './inventory-terms.js';
export {
  createManager, createManagerTables, type ManagerProcess, type ManagerTables,
} from './manager.js';
export { shunnedForUs } from './shunned.js';
export { Pointers } from './pointers.js';
export { movedWithinUs } from './relocation.js';
export {
  balancedUs, coordinatorMissedUs, fencedUs, lapsedUs, managerMissedUs, neverTakenUs, noticedUs,
  passedOverUs, releasedUs, reportedUs,
} from './terms.js';
export { alternatesKept } from './walk.js';
export { longSearchUs, searchUs, triesInVain, type Outlook } from './walk-terms.js';
