import {
  Agents, createManager, createManagerTables, type ManagerProcess, Pointers,
} from '../../core/coordination/index.js';
import type { Environment } from '../../core/process.js';
import { parseRules } from '../../core/rules/index.js';
import type { Inventory } from '../../experiment/inventory.js';
import type { ResolvedScenario } from '../../experiment/scenario/resolved.js';
import type { ProcessFactory } from './world.js';

export interface CoreProcesses extends ProcessFactory {
  manager(environment: Environment, generation: number): ManagerProcess;
}

/**
 * The management system itself, as the scenario configures it.
 *
 * @throws RuleError when a rule file is wrong
 */
export function coreProcesses(scenario: ResolvedScenario, inventory: Inventory): CoreProcesses {
  const config = scenario.coordination;
  const { kinds, managersByZone, zoneOf } = inventory;
  const rules = parseRules(scenario.rules, kinds);
  const managers = Array.from({ length: inventory.managers }, (_, address) => ({
    address,
    node: inventory.nodeId(address, 0),
  }));
  const all = managers.map(({ address }) => address);
  const descriptor = (resource: number) => inventory.descriptor(resource);
  const tables = createManagerTables();
  const pointers = new Pointers(0, inventory.resources);
  const agentOptions = managersByZone.map((near) => ({
    config,
    seeds: { near, all },
    descriptor,
  }));
  /** Of each zone; made when the first of its hosts starts. */
  const agents: Agents[] = [];
  return {
    reads: {
      pointer: (resource) => pointers.manager(resource),
      heartbeat: (manager, message) => (manager as ManagerProcess).foresee(message),
    },
    manager: (environment, generation) => {
      const { address } = environment;
      const node = generation === 0
        ? managers[address].node
        : inventory.nodeId(address, generation);
      const options = { config, node, generation, managers, kinds, rules, tables };
      return createManager(environment, options);
    },
    agent: (environment, resources) => {
      const zone = zoneOf[environment.address];
      agents[zone] ??= new Agents(environment, agentOptions[zone], pointers);
      return agents[zone].boot(resources);
    },
  };
}
