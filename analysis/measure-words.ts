/** What measures are called, and in what they are counted. */
import { aboutScalar } from './measures/index.js';
import { derived } from './sweep/measures.js';
import * as words from './words.js';

export interface MeasureWords {
  readonly title: string;
  /** For an axis; empty for plain numbers. */
  readonly unit: string;
  readonly told: (value: number) => string;
  /** As {@link told}, with the unit where that leaves it out. */
  readonly full: (value: number) => string;
}

/** What most people want to see of a sweep. */
export const usualMeasures: readonly string[] = [
  'detection.seconds.mean',
  'recovery.perFault.mean',
  'availability.unmanagedShare',
  'messages.sentPerSecond',
];

export function measureWords(name: string): MeasureWords {
  const own = aboutScalar(name);
  const said = Object.hasOwn(derived, name) ? derived[name] : own;
  // Of a count its unit and what it means make words: `resources moved to even out the load`.
  const counts = own?.type === 'integer' && own.unit !== null && own.unit !== '1';
  const title = said?.title ?? (counts ? `${own.unit} ${own.meaning}` : name);
  const counted = (unit: string): MeasureWords => ({
    title, unit, told: words.quantity, full: (value) => `${words.quantity(value)} ${unit}`,
  });
  switch (said?.unit) {
    case 's': return { title, unit: 's', told: words.duration, full: words.duration };
    case '1': return { title, unit: '%', told: share, full: share };
    case 'messages/s': return counted('per second');
    case 'bytes/s': return counted('B/s');
    default: return { title, unit: '', told: words.quantity, full: words.quantity };
  }
}

/** Shares of a sweep may differ by orders of magnitude. */
function share(value: number): string {
  return value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential(1) : words.share(value);
}
