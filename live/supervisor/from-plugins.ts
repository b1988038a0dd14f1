/** A plugin's implementations go to other OS processes by name: functions cannot be sent. */
import { pathToFileURL } from 'node:url';
import { createRegistry } from '../../experiment/plugins.js';
import { takeFromPlugins } from '../../experiment/scenario/from-plugins.js';
import type { ResolvedScenario } from '../../experiment/scenario/resolved.js';

/** The scenario as it can be sent. Its faults and invariants stay with the supervisor. */
export function withoutCode(scenario: ResolvedScenario): ResolvedScenario {
  const chosen = Object.entries(scenario.coordination.fromPlugins ?? {});
  const named = chosen.map(([key, { name, given }]) => [key, { name, given }]);
  const fromPlugins = Object.fromEntries(named) as never;
  const coordination = { ...scenario.coordination, fromPlugins };
  return { ...scenario, coordination, faults: [], invariants: [] };
}

/**
 * The scenario as it was, with the implementations that these modules have.
 *
 * @throws PluginError
 */
export async function withCode(
  scenario: ResolvedScenario, modules: readonly string[],
): Promise<ResolvedScenario> {
  const named = Object.entries(scenario.coordination.fromPlugins ?? {});
  if (named.length === 0) return scenario;
  const sources = await Promise.all(modules.map(async (origin) => {
    const module = (await import(pathToFileURL(origin).href)) as { readonly default: unknown };
    return { origin, plugin: module.default };
  }));
  const given = named.map(([key, { name, given }]) => [key, { name, ...given }]);
  const input = { coordination: Object.fromEntries(given) as unknown };
  const { core } = takeFromPlugins(input, createRegistry(sources)).fromPlugins;
  return { ...scenario, coordination: { ...scenario.coordination, fromPlugins: core } };
}
