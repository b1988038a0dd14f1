/** Settings of a cell that follow from others of it by arithmetic. */
import { ScenarioError, type Place, type ScenarioPath } from '../language/error.js';
import { steps, type Override } from '../language/overrides.js';
import type { Source } from '../language/source.js';
import { override } from './axes.js';
import { evaluate, ExpressionError, written } from './expression.js';
import type { SweepSettings } from './settings.js';

export interface Derived {
  readonly expression: string;
  /** What it sets, its value still to come. */
  readonly to: Override;
  readonly at: ScenarioPath;
  readonly place: Place;
}

export function derivedOf(source: Source, { derive }: SweepSettings): Derived[] {
  return Object.entries(derive).map(([path, expression]) => {
    const at = ['derive', path];
    const to = override(source, { path, value: null, at, key: at });
    return { expression: String(expression), to, at, place: source.place(at, false) };
  });
}

/**
 * What a cell changes, and what follows from it; of derived settings, later ones from earlier
 * ones too. Throws ScenarioError.
 *
 * @param base - the settings that its author wrote
 */
export function withDerived(
  overrides: readonly Override[], derived: readonly Derived[], base: unknown,
): Override[] {
  const all = [...overrides];
  const lookUp = (name: string): unknown => {
    const path = steps(name);
    const last = all.findLast((one) => one.path.join('.') === path.join('.'));
    return last === undefined ? valueAt(base, path) : last.value;
  };
  for (const { expression, to, place } of derived) {
    try {
      all.push({ ...to, value: written(evaluate(expression, lookUp)) });
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      throw new ScenarioError(place, { problem: error.message, remedy: error.remedy });
    }
  }
  return all;
}

function valueAt(settings: unknown, path: ScenarioPath): unknown {
  return path.reduce<unknown>((outer, step) =>
    typeof outer === 'object' && outer !== null && Object.hasOwn(outer, step)
      ? (outer as Record<string | number, unknown>)[step] : undefined, settings);
}
