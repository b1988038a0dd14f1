/** What measures are called, and in what they are counted. */
import { aboutScalar } from './measures/index.js';
import { derived } from './sweep/measures.js';
import * as words from './words.js';

export interface MeasureWords {
  readonly title: string;
  /** For an axis; empty for plain numbers. */
  readonly unit: string;
  readonly told: (value: number) => string;
}

/** What most people want to see of a sweep. */
export const usualMeasures: readonly string[] = [
  'detection.seconds.mean',
  'recovery.perFault.mean',
  'availability.unmanagedShare',
  'messages.sentPerSecond',
];

export function measureWords(name: string): MeasureWords {
  const said = Object.hasOwn(derived, name) ? derived[name] : aboutScalar(name);
  const title = said?.title ?? name;
  switch (said?.unit) {
    case 's': return { title, unit: 's', told: words.duration };
    case '1': return { title, unit: '%', told: share };
    case 'messages/s':
      return { title, unit: 'per second', told: words.quantity };
    case 'bytes/s': return { title, unit: 'B/s', told: words.quantity };
    default: return { title, unit: '', told: words.quantity };
  }
}

/** Shares of a sweep may differ by orders of magnitude. */
function share(value: number): string {
  return value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential(1) : words.share(value);
}
