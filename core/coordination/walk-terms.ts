/**
 * How long a search for a manager takes at most: terms of the bound, derived in docs/bounds.md. It
 * goes as walk.ts and registering.ts have it.
 */
import ln from '@stdlib/math-base-special-ln';
import { seedsOf, type CoreConfig } from './config.js';
import { alternatesKept } from './walk.js';

/** The managers as agents of one zone find them; those gone are dead or out of reach. */
export interface Outlook {
  /** Of their own zone, and of all others. */
  readonly near: number;
  readonly far: number;
  /** Of these. */
  readonly nearGone: number;
  readonly farGone: number;
}

/** Whose places the order fixes: those heard of lately, and whom the agent gave up. */
const fixedPlaces = alternatesKept + 1;

/**
 * How many managers are asked in vain, in a row, from any instant on: all that are gone, or fewer
 * where it is `rare` that so many are met. `lost` is the chance that loss makes one who lives
 * useless. Those heard of lately may all be gone, or be those that live.
 */
export function triesInVain(outlook: Outlook, lost: number, rare: number): number {
  if (lost >= 1) return Infinity;
  const { near, far, nearGone, farGone } = outlook;
  const repeated = lost <= 0 ? 0 : Math.ceil(ln(rare) / ln(lost)) - 1;
  const most = (nearGone + farGone + 1) * (repeated + 1) - 1;
  const total = Math.max(1, near + far - fixedPlaces);
  const ofNear = chances(near, nearGone, lost);
  const ofFar = chances(far, farGone, lost);
  // Spread evenly: of any so many in a row so many are of its zone, and so many of others.
  const among = (drawn: number, all: number): number =>
    Math.floor((drawn * Math.max(0, all - fixedPlaces)) / total);
  let chance = 1;
  for (let drawn = 1; fixedPlaces + drawn - 1 < most; drawn += 1) {
    const [nears, fars] = [among(drawn, near), among(drawn, far)];
    if (nears > among(drawn - 1, near)) chance *= ofNear(nears - 1);
    if (fars > among(drawn - 1, far)) chance *= ofFar(fars - 1);
    if (chance < rare) return fixedPlaces + drawn - 1;
  }
  return most;
}

/** The chance that one of `all`, drawn after so many in vain, is asked in vain too. */
function chances(all: number, gone: number, lost: number): (before: number) => number {
  // Of those that live, the ones heard of lately have a place of their own.
  const live = Math.max(0, all - gone - alternatesKept);
  if (live === 0) return () => 1;
  // Where loss may hit the living, each may fail anew: no less likely than with repetition.
  if (lost > 0) return () => 1 - ((1 - lost) * live) / (live + gone);
  return (before) => Math.max(0, gone - before) / (live + gone - before);
}

type Patience = Pick<CoreConfig['resources'], 'retryUs' | 'retryMaxUs'>;

/**
 * From when a resource has lost its manager to the last of so many tries, the first of which may
 * be the next of a search that another resource of the host began.
 */
export function searchUs(patience: Patience, tries: number, managers: number): number {
  return triesUs(patience, tries, managers, patience.retryUs);
}

/** The same for a resource that has been without a manager for long. */
export function longSearchUs(patience: Patience, tries: number, managers: number): number {
  return triesUs(patience, tries, managers, patience.retryMaxUs);
}

/**
 * Between two times that an agent which goes on asking comes to the same manager: a round of
 * everyone that it knows.
 */
export function roundUs(config: Pick<CoreConfig, 'resources' | 'seeds'>, managers: number): number {
  const known = Math.min(managers, seedsOf(config, managers) + fixedPlaces);
  return longSearchUs(config.resources, known, known);
}

/** Waits before each of the tries; those between rounds begin with `pauseUs` and double. */
function triesUs(
  { retryUs, retryMaxUs }: Patience, tries: number, managers: number, pauseUs: number,
): number {
  if (tries === Infinity) return Infinity;
  let pauses = Math.ceil(tries / managers);
  let totalUs = (tries - pauses) * retryUs;
  let us = pauseUs;
  for (; pauses > 0 && us < retryMaxUs; pauses -= 1) {
    totalUs += us;
    us *= 2;
  }
  return totalUs + pauses * retryMaxUs;
}
