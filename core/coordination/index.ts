export { Agents, createAgent, type AgentOptions } from './agent.js';
export {
  createManager, createManagerTables, type ManagerOptions, type ManagerProcess, type ManagerTables,
} from './manager.js';
export { Pointers } from './pointers.js';
