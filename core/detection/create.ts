/** The detectors that a scenario can name: those that come along stand here as a guest's would. */
import type { Plugged } from '../plugged.js';
import type { Fields } from '../settings.js';
import type { Detector, DetectorImplementation, DetectorSite, Rhythm } from './detector.js';
import { FixedTimeout } from './fixed.js';
import {
  deviationsAt, PhiAccrual, phiAccrualFields, type PhiAccrualSettings,
} from './phi-accrual.js';

export type DetectionSettings =
  | { readonly name: 'fixed' }
  | ({ readonly name: 'phi-accrual' } & PhiAccrualSettings);

/** By name, the one taken by default first. */
export const detectors: {
  readonly [Name in DetectionSettings['name']]:
    DetectorImplementation<Extract<DetectionSettings, { name: Name }>> &
    { readonly fields: Fields };
} = {
  fixed: {
    fields: {},
    create: (_settings, { timeoutUs }, { environment, arena }) =>
      new FixedTimeout(timeoutUs, environment.address, arena),
    limitUs: (_settings, { timeoutUs }) => timeoutUs,
    leastUs: (_settings, { timeoutUs }) => timeoutUs,
  },
  'phi-accrual': {
    fields: phiAccrualFields,
    create: (settings, rhythm) => new PhiAccrual(settings, rhythm),
    limitUs: ({ maxTimeoutUs }) => maxTimeoutUs,
    leastUs: ({ acceptablePauseUs, minDeviationUs, maxTimeoutUs, threshold }) => Math.min(
      acceptablePauseUs + deviationsAt(threshold) * minDeviationUs, maxTimeoutUs ?? Infinity,
    ),
  },
};

/** What a scenario names: one that comes along, or the user's own. */
interface Named {
  readonly detection: DetectionSettings;
  readonly plugged?: { readonly detection?: Plugged<DetectorImplementation> };
}

function named({ detection, plugged }: Named): Pick<
  Plugged<DetectorImplementation>, 'settings' | 'implementation'
> {
  const builtIn = detectors[detection.name] as DetectorImplementation;
  return plugged?.detection ?? { settings: detection, implementation: builtIn };
}

export function createDetector(given: Named, rhythm: Rhythm, site: DetectorSite): Detector {
  const { settings, implementation } = named(given);
  return implementation.create(settings, rhythm, site);
}

/** After which silence it suspects at the latest; null: it may wait without limit. */
export function longestSilenceUs(given: Named, rhythm: Rhythm): number | null {
  const { settings, implementation } = named(given);
  return implementation.limitUs?.(settings, rhythm) ?? null;
}

/** What it takes for no end, whatever it has learnt. */
export function leastSilenceUs(given: Named, rhythm: Rhythm): number {
  const { settings, implementation } = named(given);
  return implementation.leastUs?.(settings, rhythm) ?? 0;
}
