/** A plugin's implementations go to other OS processes by name: functions cannot be sent. */
import { pathToFileURL } from 'node:url';
import { createRegistry } from '../../experiment/plugins.js';
import { takePlugged } from '../../experiment/scenario/plugged.js';
import type { ResolvedScenario } from '../../experiment/scenario/resolved.js';

/** The scenario as it can be sent. Its faults and invariants stay with the supervisor. */
export function withoutCode(scenario: ResolvedScenario): ResolvedScenario {
  const { plugged } = scenario.coordination;
  const named = Object.entries(plugged ?? {}).map(([key, { name, given }]) =>
    [key, { name, given }]);
  const coordination = { ...scenario.coordination, plugged: Object.fromEntries(named) as never };
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
  const named = Object.entries(scenario.coordination.plugged ?? {});
  if (named.length === 0) return scenario;
  const sources = await Promise.all(modules.map(async (origin) => {
    const module = (await import(pathToFileURL(origin).href)) as { readonly default: unknown };
    return { origin, plugin: module.default };
  }));
  const given = named.map(([key, { name, given }]) => [key, { name, ...given }]);
  const input = { coordination: Object.fromEntries(given) as unknown };
  const { core } = takePlugged(input, createRegistry(sources)).plugged;
  return { ...scenario, coordination: { ...scenario.coordination, plugged: core } };
}
