/** How strong impairments are, and weaker ones. */
import { longest, quantile, type Distribution } from '../random/distributions.js';
import { formatDurationUs } from '../language/units.js';
import type { Spells } from './kind.js';

const US_PER_S = 1e6;

/** The most that is drawn; of what has no largest, what a share of `sure` stays below. */
export function longestUs(delay: Distribution, sure: number): number {
  return Math.ceil(longest(delay, sure) * US_PER_S - 1e-3);
}

export function percent(share: number): string {
  return `${Number((share * 100).toPrecision(6))}%`;
}

export function median(delay: Distribution): string {
  return formatDurationUs(Math.round(quantile(delay, 0.5) * US_PER_S));
}

export function inSpells(what: string, { goodUs, badUs }: Spells): string {
  return `${what} for ${formatDurationUs(badUs)} after ${formatDurationUs(goodUs)} in the mean`;
}

/** Half the share. */
export function* halved<Action extends { readonly share: number }>(
  action: Action,
): Iterable<Action> {
  if (action.share > 0.02) yield { ...action, share: Number((action.share / 2).toPrecision(2)) };
}

/** The same each time, then half of it. */
export function* shorter<Action extends { readonly delay: Distribution }>(
  action: Action,
): Iterable<Action> {
  const { delay } = action;
  const constant = (value: number): Distribution => ({ kind: 'constant', value });
  if (delay.kind === 'uniform') yield { ...action, delay: constant(delay.high) };
  if (delay.kind !== 'constant' || delay.value <= 0.02) return;
  yield { ...action, delay: constant(Number((delay.value / 2).toPrecision(2))) };
}
