/** Scenarios and sweeps as all but the experiment itself load them: they name invariants. */
import * as scenarios from '../experiment/scenario/load.js';
import type { LoadOptions as AllOptions } from '../experiment/scenario/load.js';
import type { OpenScenario } from '../experiment/scenario/open.js';
import type { ResolvedScenario } from '../experiment/scenario/resolved.js';
import type { Registry } from '../experiment/plugins.js';
import * as sweeps from '../experiment/sweep/load.js';
import type { SweepOptions as AllSweepOptions } from '../experiment/sweep/load.js';
import type { Sweep } from '../experiment/sweep/sweep.js';
import { noPlugins } from './plugins.js';

type WithoutPlugins<Options extends { readonly plugins: unknown }> =
  Omit<Options, 'plugins'> & { readonly plugins?: Options['plugins'] | undefined };
export type LoadOptions = WithoutPlugins<AllOptions>;
export type SweepOptions = WithoutPlugins<AllSweepOptions>;

/** @throws ScenarioError if the file cannot be read or used, or a rule file of it. */
export function loadScenario(path: string, options: LoadOptions = {}): ResolvedScenario {
  return scenarios.loadScenario(path, withPlugins(options));
}

/**
 * @param file - where the text comes from: named in errors, and rule files are looked for beside it
 * @throws ScenarioError
 */
export function parseScenario(
  text: string, file: string, options: LoadOptions = {},
): ResolvedScenario {
  return scenarios.parseScenario(text, file, withPlugins(options));
}

/** What is left to defaults can still be set. @throws ScenarioError */
export function openScenario(text: string, file: string, options: LoadOptions): OpenScenario {
  return scenarios.openScenario(text, file, withPlugins(options));
}

/** @throws ScenarioError if the file, its base or any cell of its grid cannot be used */
export function loadSweep(path: string, options: SweepOptions = {}): Sweep {
  return sweeps.loadSweep(path, withPlugins(options));
}

function withPlugins<Options extends { readonly plugins?: Registry | undefined }>(
  options: Options,
) {
  return { ...options, plugins: options.plugins ?? noPlugins };
}
