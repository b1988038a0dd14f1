export { createAgent, type AgentOptions } from './agent.js';
export { createManager, type ManagerOptions } from './manager.js';
export { Pointers } from './pointers.js';
