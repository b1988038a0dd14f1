/** A scenario of which only what its author wrote is settled. */
import type { ScenarioPath } from '../language/error.js';
import type { Override } from '../language/overrides.js';
import type { ResolvedScenario } from './resolved.js';

export interface OpenScenario {
  /** Whether the author, or `--set`, says something there; what is inside is another question. */
  says(path: ScenarioPath): boolean;
  /** With these fields changed, and defaults for all that nobody says. @throws ScenarioError */
  resolve(changes: readonly Pick<Override, 'path' | 'value'>[]): ResolvedScenario;
}

/** Whether `settings`, as a user wrote them, hold a value there, or a word that stands for one. */
export function isSaid(settings: unknown, path: ScenarioPath): boolean {
  let inner = settings;
  for (const step of path) {
    if (inner === undefined || inner === null) return false;
    // A plain word is short for a mapping with that name.
    if (typeof inner !== 'object') return step === 'name';
    if (!Object.hasOwn(inner, step)) return false;
    inner = (inner as Record<string | number, unknown>)[step];
  }
  return inner !== undefined;
}
