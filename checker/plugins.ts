/** What plugins export and what scenarios may name, with the invariants that come along. */
import {
  createRegistry as registryOf, type Plugin as AnyPlugin, type PluginSource, type Registry,
} from '../experiment/plugins.js';
import { builtInInvariants, type InvariantContext } from './invariants/index.js';

/** The default export of a plugin module: implementations by the names scenarios give them. */
export type Plugin = AnyPlugin<InvariantContext>;

/** Types a plugin where it is written, and does nothing else. */
export function definePlugin(plugin: Plugin): Plugin {
  return plugin;
}

/** Checks the shape of each plugin and that every name is given once. @throws PluginError */
export function createRegistry(sources: readonly PluginSource[]): Registry {
  return registryOf(sources, { invariants: builtInInvariants });
}

/** Of those who have no plugins. */
export const noPlugins: Registry = createRegistry([]);
