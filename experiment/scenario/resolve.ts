/** From settings as users write them to the scenario as the worlds read it. */
import type { Kind } from '../../core/metamodel/entity.js';
import { unitsOf } from '../faults/replay.js';
import { buildInventory } from '../inventory.js';
import type { Registry } from '../plugins.js';
import { checkNames, checkSilences } from './checks.js';
import type { FromPlugins } from './from-plugins.js';
import type { ResolvedScenario, RttMatrix } from './resolved.js';
import { scenarioFields } from './scenario.js';
import { close, open } from '../language/section.js';
import { checkUnits, type ReadTrace } from '../traces/settings.js';

/** What the settings leave to their surroundings: fields know it by these names. */
export interface Surroundings {
  /** For a scenario without a name. */
  readonly nameOfFile: string;
  /** What stands in for things built in. */
  readonly guests: FromPlugins;
  /** Invariants. */
  readonly offered: Registry['invariants'];
  /** The text of a rule file; throws a {@link SettingError} at `rules.index` if there is none. */
  ruleText(file: string, index: number): string;
  /** An RTT matrix and the absolute path of its file; throws if there is none. */
  readMatrix(file: string): { path: string; sha256: string; matrix: RttMatrix };
  readonly readTrace: ReadTrace;
  /** Throws if the rules cannot be used with these kinds. */
  checkRules(rules: ResolvedScenario['rules'], kinds: readonly Kind[]): void;
}

/** @throws SettingError where one setting contradicts another. */
export function resolveScenario(settings: unknown, surroundings: Surroundings): ResolvedScenario {
  const scenario = close(open(scenarioFields, settings, surroundings, [])) as ResolvedScenario;
  const inventory = buildInventory(scenario);
  checkNames(scenario, inventory);
  for (const [index, { action, when }] of scenario.faults.entries()) {
    if (when.kind !== 'trace') continue;
    checkUnits(when, unitsOf(action, inventory).length, ['faults', index]);
  }
  surroundings.checkRules(scenario.rules, inventory.kinds);
  checkSilences(scenario, inventory);
  return scenario;
}
