import {
  Agents, createManager, createManagerTables, type ManagerProcess, Pointers,
} from '../../core/coordination/index.js';
import type { Environment } from '../../core/process.js';
import { coreOptions } from '../../experiment/core-options.js';
import type { Inventory } from '../../experiment/inventory.js';
import type { ResolvedScenario } from '../../experiment/scenario/resolved.js';
import { aheadUs } from './clocks.js';
import type { ProcessFactory } from './hosts.js';

export interface CoreProcesses extends ProcessFactory {
  manager(environment: Environment, generation: number): ManagerProcess;
}

/**
 * The management system itself, as the scenario configures it.
 *
 * @throws RuleError when a rule file is wrong
 */
export function coreProcesses(scenario: ResolvedScenario, inventory: Inventory): CoreProcesses {
  const options = coreOptions(byClocks(scenario), inventory);
  const tables = createManagerTables();
  const pointers = new Pointers(0, inventory.resources);
  /** Of each zone; made when the first of its hosts starts. */
  const agents: Agents[] = [];
  return {
    reads: {
      pointer: (resource) => pointers.manager(resource),
      heartbeat: (manager, message) => (manager as ManagerProcess).prefetch(message),
    },
    manager: (environment, generation) => {
      const { address } = environment;
      const node = generation === 0
        ? options.manager.managers[address].node
        : inventory.nodeId(address, generation);
      return createManager(environment, { ...options.manager, node, generation, tables });
    },
    agent: (environment, resources) => {
      const zone = inventory.zoneOf[environment.address];
      agents[zone] ??= new Agents(environment, options.agents[zone], pointers);
      return agents[zone].boot(resources);
    },
  };
}

/** A scenario tells silences in times of the run; core compares them with what its clock shows. */
function byClocks(scenario: ResolvedScenario): ResolvedScenario {
  const { coordination } = scenario;
  const { actions } = coordination;
  const byUs = aheadUs(scenario);
  if (actions.silences === undefined || byUs === 0) return scenario;
  const silences = actions.silences.map(({ fromUs, untilUs, ...where }) =>
    ({ ...where, fromUs: fromUs + byUs, untilUs: untilUs + byUs }));
  return { ...scenario, coordination: { ...coordination, actions: { ...actions, silences } } };
}
