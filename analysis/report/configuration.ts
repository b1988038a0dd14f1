/**
 * What a report tells of the scenario itself: its sentence, and the settings that were in force.
 */
import { parse } from 'yaml';

/** The sections that decide how fast and at what cost; all else is in scenario.yaml. */
const sections = ['system', 'coordination', 'network', 'measure'] as const;
/** Lists and what is as long as one: told by scenario.yaml. */
const leftOut = new Set(['system.resources', 'system.kinds']);

export interface Configuration {
  /** The scenario's own sentence on what it shows; empty: none. */
  readonly description: string;
  /** Paths of settings with their values as in the YAML, in its order. */
  readonly settings: readonly (readonly [string, string])[];
}

/** @param yaml - a resolved scenario */
export function configurationOf(yaml: string): Configuration {
  const scenario: unknown = parse(yaml);
  if (!isRecord(scenario)) return { description: '', settings: [] };
  const { description } = scenario;
  return {
    description: typeof description === 'string' ? description.trim() : '',
    settings: sections.flatMap((name) => [...settingsIn(name, scenario[name])]),
  };
}

function* settingsIn(path: string, value: unknown): Generator<readonly [string, string]> {
  if (value === undefined || leftOut.has(path)) return;
  if (isRecord(value)) {
    for (const [key, inner] of Object.entries(value)) yield* settingsIn(`${path}.${key}`, inner);
  } else {
    yield [path, Array.isArray(value) ? value.join(', ') : `${value as string | number | boolean}`];
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
