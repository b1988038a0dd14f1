import { createAgent, createManager } from '../../core/coordination/index.js';
import type { AgentProcess, Environment, Process, Resources } from '../../core/process.js';
import { coreOptions } from '../../experiment/core-options.js';
import type { Inventory } from '../../experiment/inventory.js';
import type { ResolvedScenario } from '../../experiment/scenario/resolved.js';

/** Makes the processes, anew at each start of their hosts. */
export interface ProcessFactory {
  manager(environment: Environment): Process;
  agent(environment: Environment, resources: Resources): AgentProcess;
}

/**
 * The management system itself, as the scenario configures it.
 *
 * @throws RuleError when a rule file is wrong
 */
export function coreProcesses(scenario: ResolvedScenario, inventory: Inventory): ProcessFactory {
  const { manager, agents } = coreOptions(scenario, inventory);
  return {
    manager: (environment) => {
      const { node } = manager.managers[environment.address];
      return createManager(environment, { ...manager, node });
    },
    agent: (environment, resources) => {
      return createAgent(environment, resources, agents[inventory.zoneOf[environment.address]]);
    },
  };
}
