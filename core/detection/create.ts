/** The detectors that a scenario can name. */
import type { RowArena } from '../row-arena.js';
import type { Detector, Rhythm } from './detector.js';
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

export function createDetector(
  settings: DetectionSettings, rhythm: Rhythm, place?: DetectorPlace,
): Detector {
  switch (settings.name) {
    case 'fixed': return new FixedTimeout(rhythm.timeoutUs, place?.owner, place?.arena);
    case 'phi-accrual': return new PhiAccrual(settings, rhythm);
  }
}
