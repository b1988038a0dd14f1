/** What the live world lacks, and refuses by name. */
import { faultKinds, type AnyFault } from '../../experiment/faults/kinds/index.js';
import type { ResolvedScenario } from '../../experiment/scenario/resolved.js';

/** Kinds of faults that need nothing that the live world lacks. */
const available = (faultKinds as readonly AnyFault[])
  .filter(({ needs }) => needs === undefined)
  .map(({ name }) => name);

/** A scenario asks for something that exists in the simulator only. */
export class LiveUnavailableError extends Error {
  override readonly name = 'LiveUnavailableError';
  /** Where in the scenario: `faults[2]`, `network.loss`. */
  readonly field: string;

  constructor(field: string, what: string, remedy: string) {
    super(`${field}: ${what} is not available in the live world (${remedy})`);
    this.field = field;
  }
}

/**
 * Latency by distribution is not refused: in the live world it is the machine's own, whatever the
 * scenario says. Measured delays between sites are what a scenario is about, so they are.
 *
 * @throws LiveUnavailableError
 */
export function checkLive(
  scenario: Pick<ResolvedScenario, 'coordination' | 'faults' | 'measure' | 'network' | 'system'>,
  plugins: readonly string[],
): void {
  checkPlugins(scenario, plugins);
  for (const [index, { action }] of scenario.faults.entries()) {
    const field = `faults[${index}]`;
    if ('afterCalls' in action) {
      throw new LiveUnavailableError(field, 'afterCalls', 'remove it: the crash comes at once');
    }
    if ('loseState' in action) {
      throw new LiveUnavailableError(field, 'loseState', 'remove it: hosts keep their stores');
    }
    if (available.includes(action.kind)) continue;
    const remedy = `available: ${available.join(', ')}`;
    throw new LiveUnavailableError(field, action.kind, remedy);
  }
  const { clocks, service } = scenario.system;
  if (clocks.offsetUs > 0 || clocks.drift > 0 || clocks.timersUs > 0) {
    throw new LiveUnavailableError('system.clocks', 'wrong clocks', 'remove it');
  }
  if (service.managerUs > 0 || service.agentUs > 0) {
    const remedy = 'remove it: messages take the time that they take';
    throw new LiveUnavailableError('system.service', 'a service time', remedy);
  }
  if (scenario.network.latency.kind === 'matrix') {
    const remedy = 'remove it: the live world has the delays of this machine';
    throw new LiveUnavailableError('network.latency', 'a matrix of delays', remedy);
  }
  for (const { kind } of scenario.network.impairments) {
    throw new LiveUnavailableError(`network.${kind}`, kind, 'remove it');
  }
  if (scenario.measure.twin) {
    const remedy = 'remove it: no live run can be made again without its faults';
    throw new LiveUnavailableError('measure.twin', 'a twin', remedy);
  }
  if (scenario.network.loss > 0) {
    throw new LiveUnavailableError('network.loss', 'loss', 'set it to 0');
  }
}

/**
 * Other OS processes load what nodes are made of from its files. Latencies and faults of plugins
 * are of the simulated network, or may be.
 */
function checkPlugins(
  { coordination, network, faults }: Pick<ResolvedScenario, 'coordination' | 'faults' | 'network'>,
  plugins: readonly string[],
): void {
  const refuse = (field: string, name: string, remedy = 'use what is built in'): never => {
    throw new LiveUnavailableError(field, `${name}, of a plugin,`, remedy);
  };
  for (const [key, fromPlugins] of Object.entries(coordination.fromPlugins ?? {})) {
    if (plugins.length > 0) continue;
    const remedy = 'name its module by --plugin: others load it too';
    refuse(`coordination.${key}`, fromPlugins.name, remedy);
  }
  if (network.latency.kind === 'from-plugin') refuse('network.latency', network.latency.name);
  for (const [index, { action }] of faults.entries()) {
    if (action.kind === 'from-plugin') refuse(`faults[${index}]`, action.name);
  }
}
