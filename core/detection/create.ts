/** The detectors that a scenario can name: those that come along stand here as a guest's would. */
import type { Configured } from '../configured.js';
import type { Settings } from '../settings.js';
import type {
  Detector, DetectorImplementation, DetectorSite, Learning, Rhythm, Tunable,
} from './detector.js';
import { fixedTimeout } from './fixed.js';
import { phiAccrual } from './phi-accrual.js';

/** By name, the one taken by default first. */
export const detectors = { fixed: fixedTimeout, 'phi-accrual': phiAccrual } as const;

type Name = keyof typeof detectors;

export type DetectionSettings = {
  readonly [One in Name]: { readonly name: One } & Settings<(typeof detectors)[One]['fields']>
}[Name];

/** What a scenario names: one that comes along, or the user's own. */
interface Named {
  readonly detection: DetectionSettings;
  readonly fromPlugins?: { readonly detection?: Configured<DetectorImplementation> };
}

function named({ detection, fromPlugins }: Named): Pick<
  Configured<DetectorImplementation>, 'settings' | 'implementation'
> {
  const builtIn = detectors[detection.name] as DetectorImplementation;
  return fromPlugins?.detection ?? { settings: detection, implementation: builtIn };
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

/** What to turn so that it compares fairly; undefined: it does not say. */
export function tuningOf(given: Named): Tunable | undefined {
  return named(given).implementation.tuning;
}

/** How it learns what to wait for, and its settings; null: it waits for the timeouts. */
export function learningOf(
  given: Named,
): { readonly settings: unknown; readonly learning: Learning<unknown> } | null {
  const { settings, implementation: { learning } } = named(given);
  return learning === undefined ? null : { settings, learning };
}
