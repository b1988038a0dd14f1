/** What can be measured of a run: the scalars of its summary, and what follows from them. */
import { SettingError, suggestion, type ScenarioPath } from '../../experiment/language/error.js';
import type { ValueKind } from '../statistics/estimate.js';
import { aboutScalar, numbersKnown, numbersOpen } from '../measures/index.js';
import type { Scalars } from './scalars.js';

interface Derived {
  readonly title: string;
  /** As of columns. */
  readonly unit: string;
  readonly value: (scalars: Scalars) => number | null;
}

/** What follows from others, so that runs of different lengths can be compared. */
export const derived: Readonly<Record<string, Derived>> = {
  'messages.sentPerSecond': {
    title: 'messages sent', unit: 'messages/s',
    value: (scalars) => perSecond(scalars, 'messages.sent'),
  },
  'messages.bytesPerSecond': {
    title: 'bytes sent', unit: 'bytes/s',
    value: (scalars) => perSecond(scalars, 'messages.bytes'),
  },
  'availability.unmanagedShare': {
    title: 'live resources without a manager', unit: '1',
    value: (scalars) => rest(scalars, 'availability.managedShare'),
  },
  'availability.resourcesDownShare': {
    title: 'resources down', unit: '1',
    value: (scalars) => rest(scalars, 'availability.resourcesUpShare'),
  },
};

/** The value of a measure in one run; null if there was nothing to measure. */
export function measureIn(scalars: Scalars, name: string): number | null {
  if (Object.hasOwn(derived, name)) return derived[name].value(scalars);
  const value = scalars[name];
  if (typeof value === 'number') return value;
  return typeof value === 'boolean' ? Number(value) : null;
}

/** What the values of a measure are, as its intervals ask. */
export function valueKind(name: string): ValueKind {
  if (Object.hasOwn(derived, name)) return derived[name].unit === '1' ? 'share' : 'size';
  const said = aboutScalar(name);
  if (said === undefined) return 'number';
  if (said.type === 'boolean') return 'flag';
  if (said.type === 'integer') return 'count';
  return said.unit === '1' ? 'share' : 'size';
}

/** The measure that a name, or the end of one, says: `settle.p95`. @throws SettingError */
export function measureCalled(name: string): string {
  const known = [...numbersKnown, ...Object.keys(derived)];
  const ends = known.filter((one) => one.endsWith(`.${name}`));
  if (known.includes(name) || ends.length !== 1) {
    checkMeasure(name, []);
    return name;
  }
  return ends[0];
}

/** @throws SettingError at `path` if there is no such measure */
export function checkMeasure(name: string, path: ScenarioPath): void {
  const known = [...numbersKnown, ...Object.keys(derived)];
  if (known.includes(name) || numbersOpen.some((prefix) => name.startsWith(prefix))) return;
  throw new SettingError(path, `there is no measure ${name}`, hint(name, known));
}

function hint(name: string, known: readonly string[]): string {
  const [group] = name.split('.');
  const near = known.filter((one) => one.startsWith(`${group}.`));
  return suggestion(name, near.length > 0 ? near : known);
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
