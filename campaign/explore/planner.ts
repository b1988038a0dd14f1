/** What each seed stands for. */
import { buildInventory } from '../../experiment/inventory.js';
import type { Registry } from '../../experiment/plugins.js';
import { openScenario, parseScenario } from '../../checker/scenario.js';
import { toYaml, type ResolvedScenario } from '../../experiment/scenario/index.js';
import {
  explorationOf, widerExplorationOf, type Exploration,
} from './schedules/index.js';

/** The scenario for which faults, and perhaps settings, are drawn; plain data. */
export interface Base {
  /** Fully resolved. */
  readonly yaml: string;
  /** As its author wrote it, where settings are drawn too; else null. */
  readonly open: {
    readonly text: string;
    readonly file: string;
    readonly set: readonly string[];
  } | null;
  /** Invariants that count for nothing. */
  readonly ignored: readonly string[];
  /** The kinds of faults that are drawn; undefined: some, as the seed has it. */
  readonly only?: readonly string[] | undefined;
  /** How many kinds of faults a seed has; undefined: as the seed has it. */
  readonly kinds?: number | undefined;
}

export function baseOf(
  scenario: ResolvedScenario, open: Base['open'] = null, ignored: readonly string[] = [],
): Base {
  const invariants = scenario.invariants.filter(({ name }) => !ignored.includes(name));
  return { yaml: toYaml({ ...scenario, invariants }), open, ignored };
}

export class Planner {
  readonly #draw: (seed: number) => Exploration;

  constructor({ yaml, open, only, kinds }: Base, plugins: Registry) {
    const how = { plugins, only, kinds };
    const base = parseScenario(yaml, 'scenario.yaml', { plugins });
    if (open === null) {
      const inventory = buildInventory(base);
      this.#draw = (seed) => explorationOf(base, inventory, seed, how);
      return;
    }
    const { text, file, set } = open;
    const written = openScenario(text, file, { set, plugins });
    const { invariants } = base;
    this.#draw = (seed) => {
      const drawn = widerExplorationOf(written, base, seed, how);
      return { ...drawn, scenario: { ...drawn.scenario, invariants } };
    };
  }

  of(seed: number): Exploration {
    return this.#draw(seed);
  }
}
