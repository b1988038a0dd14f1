import { seedsOf } from '../core/coordination/config.js';
import {
  createAgent, createManager, type ManagerProcess, type ManagerTables,
} from '../core/coordination/index.js';
import type { Address, AgentProcess, Environment, Resources } from '../core/process.js';
import { parseRules } from '../core/rules/index.js';
import type { Inventory } from './inventory.js';
import type { ResolvedScenario } from './scenario/resolved.js';

/** What the agents of a zone are told at their start. */
export type AgentOptions = Parameters<typeof createAgent>[2];

/** The management system itself: makes its processes, anew at each start of their hosts. */
export interface CoreProcesses {
  /** @param generation - how often the host has lost its store, and with it its node id */
  readonly manager: (environment: Environment, generation?: number) => ManagerProcess;
  readonly agent: (environment: Environment, resources: Resources) => AgentProcess;
  /** By zone. */
  readonly agents: readonly AgentOptions[];
}

/**
 * As the scenario configures it, in either world.
 *
 * @param tables - where managers share them
 * @throws RuleError when a rule file is wrong
 */
export function coreProcesses(
  scenario: ResolvedScenario, inventory: Inventory, tables?: ManagerTables,
): CoreProcesses {
  const { coordination: config, rules: files } = scenario;
  const { kinds, managersByZone, zoneOf } = inventory;
  const managers = Array.from({ length: inventory.managers }, (_, address) => ({
    address,
    node: inventory.nodeId(address, 0),
  }));
  const all = managers.slice(0, seedsOf(config, managers.length)).map(({ address }) => address);
  const descriptor = (resource: number) => inventory.descriptor(resource);
  const agents = managersByZone.map((here) => {
    const near = here.filter((address) => address < all.length);
    return { config, seeds: { near, all }, descriptor };
  });
  const rules = parseRules(files, kinds);
  const isManager = (address: Address): boolean => managers[address] !== undefined;
  const shared = {
    config, seeds: managers, isManager, kinds, rules, ...(tables === undefined ? {} : { tables }),
  };
  return {
    manager: (environment, generation = 0) => {
      const { address } = environment;
      const node = generation === 0
        ? managers[address].node : inventory.nodeId(address, generation);
      return createManager(environment, { ...shared, node, generation });
    },
    agent: (environment, resources) =>
      createAgent(environment, resources, agents[zoneOf[environment.address]]),
    agents,
  };
}
