import { parseRules } from '../core/rules/index.js';
import type { Inventory } from './inventory.js';
import type { ResolvedScenario } from './scenario/resolved.js';

/**
 * What the processes of the management system are told at their start, in either world.
 *
 * @throws RuleError when a rule file is wrong
 */
export function coreOptions(scenario: ResolvedScenario, inventory: Inventory) {
  const { coordination: config, rules } = scenario;
  const { kinds, managersByZone } = inventory;
  const managers = Array.from({ length: inventory.managers }, (_, address) => ({
    address,
    node: inventory.nodeId(address, 0),
  }));
  const all = managers.map(({ address }) => address);
  const descriptor = (resource: number) => inventory.descriptor(resource);
  return {
    /** But for its own node, and how often it has been another. */
    manager: { config, managers, kinds, rules: parseRules(rules, kinds) },
    /** By zone. */
    agents: managersByZone.map((near) => ({ config, seeds: { near, all }, descriptor })),
  };
}
