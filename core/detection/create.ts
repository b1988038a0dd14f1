/** The detectors that a scenario can name. */
import type { Plugged } from '../plugged.js';
import type { RowArena } from '../row-arena.js';
import type { Detector, DetectorImplementation, Rhythm } from './detector.js';
import { FixedTimeout } from './fixed.js';
import { PhiAccrual, type PhiAccrualSettings } from './phi-accrual.js';

export type DetectionSettings =
  | { readonly name: 'fixed' }
  | ({ readonly name: 'phi-accrual' } & PhiAccrualSettings);

/** Where a detector may keep its state beside that of others of its kind. */
export interface DetectorPlace {
  readonly owner: number;
  readonly arena: RowArena;
}

/** @param own - the user's own, if that is what the scenario names */
export function createDetector(
  settings: DetectionSettings,
  rhythm: Rhythm,
  own?: Plugged<DetectorImplementation>,
  place?: DetectorPlace,
): Detector {
  if (own !== undefined) return own.implementation.create(own.settings, rhythm);
  switch (settings.name) {
    case 'fixed': return new FixedTimeout(rhythm.timeoutUs, place?.owner, place?.arena);
    case 'phi-accrual': return new PhiAccrual(settings, rhythm);
  }
}
