/** Targets of faults that hit nodes. */
import { SettingError } from '../../language/error.js';
import {
  readTarget, targetSettings, type FaultTarget, type GivenTarget, type Places,
} from '../../language/targets.js';
import type { Reader } from './kind.js';

/** What they do, and to whom. */
export interface Targeted {
  readonly targets: readonly FaultTarget[];
}

/** @param under - the key of the kind's settings under which they stand */
export function readTargets(
  given: readonly GivenTarget[], { path, system }: Reader, under?: string,
): FaultTarget[] {
  const where = under === undefined ? path : [...path, under];
  return given.map((one) => readTarget(one, where, system));
}

export function targetsSettings(
  { targets }: Targeted, places: Pick<Places, 'zones'>,
): unknown[] {
  return targets.map((one) => targetSettings(one, places));
}

/** Only hosts have something to lose. @throws SettingError */
export function checkStateful(targets: readonly FaultTarget[], { path, beside }: Reader): void {
  if (beside.loseState === undefined || !targets.some(({ kind }) => kind === 'resources')) return;
  const where = [...path.slice(0, -1), 'loseState'];
  throw new SettingError(where, 'resources store nothing', 'crash managers or hosts');
}
