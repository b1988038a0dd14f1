/** What can be measured of a run: the scalars of its summary, and what follows from them. */
import { createRecorder } from '../recorder.js';
import { Misfit, suggestion, type ScenarioPath } from '../../experiment/scenario/error.js';
import { buildInventory } from '../../experiment/inventory.js';
import { parseScenario } from '../../experiment/scenario/index.js';
import { MessageCounters } from '../../experiment/world.js';
import { scalarsOf, type Scalars } from './scalars.js';

/** Names below these depend on the run. */
const open = ['messages.byType.', 'faults.byKind.', 'rules.byRule.', 'rules.brakes.'];

/** Names that follow from others, so that runs of different lengths can be compared. */
const derived: Readonly<Record<string, (scalars: Scalars) => number | null>> = {
  'messages.sentPerSecond': (scalars) => perSecond(scalars, 'messages.sent'),
  'messages.bytesPerSecond': (scalars) => perSecond(scalars, 'messages.bytes'),
  'availability.unmanagedShare': (scalars) => rest(scalars, 'availability.managedShare'),
  'availability.resourcesDownShare': (scalars) => rest(scalars, 'availability.resourcesUpShare'),
};

/** What is told in words is no measure, also where there is nothing to tell. */
const inWords = new Set(['digest', 'eventDigest', 'recovery.promised']);

/** The value of a measure in one run; null if there was nothing to measure. */
export function measureIn(scalars: Scalars, name: string): number | null {
  if (Object.hasOwn(derived, name)) return derived[name](scalars);
  const value = scalars[name];
  if (typeof value === 'number') return value;
  return typeof value === 'boolean' ? Number(value) : null;
}

/** @throws Misfit at `path` if there is no such measure */
export function checkMeasure(name: string, path: ScenarioPath): void {
  const known = [...numbers(), ...Object.keys(derived)];
  if (known.includes(name) || open.some((prefix) => name.startsWith(prefix))) return;
  throw new Misfit(path, `there is no measure ${name}`, hint(name, known));
}

function hint(name: string, known: readonly string[]): string {
  const [group] = name.split('.');
  const near = known.filter((one) => one.startsWith(`${group}.`));
  return suggestion(name, near.length > 0 ? near : known);
}

/** Of a run in which nothing happened. */
function numbers(): string[] {
  const text = 'duration: 1s\nsystem: { managers: 1 }';
  const scenario = parseScenario(text, 'nothing.yaml');
  const recorder = createRecorder(scenario, buildInventory(scenario));
  const { summary } = recorder.finish({
    digest: null,
    eventDigest: null,
    endUs: 0,
    interrupted: false,
    events: 0,
    counters: new MessageCounters(),
    inFlight: 0,
    faultsSkipped: 0,
  });
  return Object.entries(scalarsOf(summary))
    .filter(([name, value]) => typeof value !== 'string' && !inWords.has(name))
    .map(([name]) => name);
}

function perSecond(scalars: Scalars, name: string): number | null {
  const seconds = Number(scalars['simulatedSeconds']) - Number(scalars['warmUpSeconds']);
  const total = scalars[name];
  return typeof total === 'number' && seconds > 0 ? total / seconds : null;
}

function rest(scalars: Scalars, name: string): number | null {
  const share = scalars[name];
  return typeof share === 'number' ? 1 - share : null;
}
