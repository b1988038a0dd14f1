import { createAgent, createManager } from '../../core/coordination/index.js';
import type { AgentProcess, Environment, Process, Resources } from '../../core/process.js';
import { parseRules } from '../../core/rules/index.js';
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
  const config = scenario.coordination;
  const { kinds, managersByZone, zoneOf } = inventory;
  const rules = parseRules(scenario.rules, kinds);
  const managers = Array.from({ length: inventory.managers }, (_, address) => ({
    address,
    node: inventory.nodeId(address, 0),
  }));
  const all = managers.map(({ address }) => address);
  const descriptor = (resource: number) => inventory.descriptor(resource);
  return {
    manager: (environment) => {
      const { node } = managers[environment.address];
      return createManager(environment, { config, node, managers, kinds, rules });
    },
    agent: (environment, resources) => {
      const near = managersByZone[zoneOf[environment.address]];
      return createAgent(environment, resources, { config, seeds: { near, all }, descriptor });
    },
  };
}
