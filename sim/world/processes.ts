import {
  Agents, createManagerTables, type ManagerProcess, Pointers,
} from '../../core/coordination/index.js';
import type { Environment } from '../../core/process.js';
import { coreProcesses } from '../../experiment/core-processes.js';
import type { Inventory } from '../../experiment/inventory.js';
import type { ResolvedScenario } from '../../experiment/scenario/resolved.js';
import { aheadUs } from './clocks.js';
import type { ProcessFactory } from './hosts.js';

/** Managers show what explorations look at. */
export interface PooledProcesses extends ProcessFactory {
  manager(environment: Environment, generation: number): ManagerProcess;
}

/**
 * The management system in tables that all hosts share: a million resources have no object each.
 *
 * @throws RuleError when a rule file is wrong
 */
export function pooledProcesses(
  scenario: ResolvedScenario, inventory: Inventory,
): PooledProcesses {
  const { manager, agents } = coreProcesses(byClocks(scenario), inventory, createManagerTables());
  const pointers = new Pointers(0, inventory.resources);
  /** Of each zone; made when the first of its hosts starts. */
  const pools: Agents[] = [];
  return {
    reads: {
      pointer: (resource) => pointers.manager(resource),
      heartbeat: (process, message) => (process as ManagerProcess).prefetch(message),
    },
    manager,
    agent: (environment, resources) => {
      const zone = inventory.zoneOf[environment.address];
      pools[zone] ??= new Agents(environment, agents[zone], pointers);
      return pools[zone].boot(resources);
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
