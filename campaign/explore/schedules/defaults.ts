/** Settings of a scenario that go back to their defaults: as if nobody had written them. */
import type { Registry } from '../../../experiment/plugins.js';
import { ScenarioError } from '../../../experiment/language/error.js';
import { parseScenario } from '../../../checker/scenario.js';
import { toSettings, written } from '../../../experiment/scenario/to-yaml.js';
import type { ResolvedScenario } from '../../../experiment/scenario/resolved.js';

type Settings = Readonly<Record<string, unknown>>;

/** What has simplifications of its own, or is no setting of what is tried. */
const others = [
  'system.managers', 'system.resources', 'system.kinds', 'network.latency', 'network.loss',
];

/** One after the other, whole parts first; the others stay as they are, derived ones too. */
export function* withDefaults(
  scenario: ResolvedScenario, plugins: Registry | undefined,
): Iterable<ResolvedScenario> {
  const settings = toSettings(scenario);
  const now = JSON.stringify(scenario);
  const used = new Set(scenario.system.resources.map(({ kind }) => kind));
  const all = [...pathsOf(settings, used)];
  const plainest = read(written({ ...all.reduce(without, settings), rules: [] }), plugins);
  const defaults = plainest && toSettings(plainest);
  for (const path of all) {
    // Reading a scenario takes its time, and most settings are at their defaults.
    if (defaults !== null && valueAt(settings, path) === valueAt(defaults, path)) continue;
    const candidate = read(written(without(settings, path)), plugins);
    if (candidate !== null && JSON.stringify(candidate) !== now) yield candidate;
  }
}

function* pathsOf(
  settings: Settings, used: ReadonlySet<string>,
): Iterable<readonly string[]> {
  const inside = (...path: string[]): string[][] => {
    const inner = path.reduce<unknown>((outer, step) => (outer as Settings)[step], settings);
    return isMapping(inner) ? Object.keys(inner).map((key) => [...path, key]) : [];
  };
  const parts = inside('coordination');
  yield ['coordination'];
  for (const path of [...parts, ...inside('system'), ...inside('network')]) {
    if (!others.includes(path.join('.'))) yield path;
  }
  for (const part of parts) yield* inside(...part);
  for (const path of [...inside('system', 'clocks'), ...inside('system', 'service')]) yield path;
  for (const kind of inside('system', 'kinds')) {
    if (!used.has(kind.at(-1)!)) yield kind;
    for (const path of inside(...kind)) {
      yield path;
      yield* inside(...path);
    }
  }
}

function valueAt(settings: Settings, path: readonly string[]): string | undefined {
  const value = path.reduce<unknown>(
    (outer, step) => isMapping(outer) ? outer[step] : undefined, settings,
  );
  return JSON.stringify(value);
}

function without(settings: Settings, [step, ...rest]: readonly string[]): Settings {
  if (!isMapping(settings) || !(step in settings)) return settings;
  if (rest.length > 0) {
    return { ...settings, [step]: without(settings[step] as Settings, rest) };
  }
  return Object.fromEntries(Object.entries(settings).filter(([key]) => key !== step));
}

/** Null: the others need it. */
function read(text: string, plugins: Registry | undefined): ResolvedScenario | null {
  try {
    return parseScenario(text, 'scenario.yaml', { plugins });
  } catch (error) {
    if (error instanceof ScenarioError) return null;
    throw error;
  }
}

function isMapping(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
