/** Implementations of the user's own, in the places where a scenario names one. */
import type { Definition } from './wire/record.js';

/** Checks settings as zod schemas do, and gives them back with their defaults. */
export interface SettingsSchema<Settings> {
  safeParse(input: unknown):
    | { readonly success: true; readonly data: Settings }
    | { readonly success: false; readonly error: { readonly issues: readonly SettingsIssue[] } };
}

export interface SettingsIssue {
  /** Keys and list indices, from the settings inwards. */
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** What all implementations have in common. */
export interface Configurable<Settings> {
  /** Without it the settings are passed on as the scenario has them. */
  readonly settings?: SettingsSchema<Settings>;
  /**
   * Messages of its own, which it may send to itself elsewhere and is handed when they come. Their
   * names are theirs alone: `swim/ping`, say.
   */
  readonly messages?: readonly Definition[];
}

/** An implementation with the settings that a scenario gave it. */
export interface Configured<Implementation> {
  readonly name: string;
  /** As they stand in the scenario. */
  readonly given: Readonly<Record<string, unknown>>;
  /** As the implementation's own schema made them. */
  readonly settings: unknown;
  readonly implementation: Implementation;
}

/**
 * Of those that come along the one of that name.
 *
 * @throws RangeError if there is none
 */
export function named<Name extends string, Implementation>(
  known: Readonly<Record<Name, Implementation>>, name: string,
): Implementation {
  if (Object.hasOwn(known, name)) return known[name as Name];
  throw new RangeError(`${name} is none of ${Object.keys(known).join(', ')}`);
}
