/** What impairments amount to, at their worst over all links: what bounds reckon with. */
import type { LinkHarm } from '../core/observations.js';
import {
  impairmentKinds, type Impairment, type ImpairmentKind, type ImpairmentOf,
} from './impairment.js';
import { quantile, supremum, type Distribution } from './random/distributions.js';

/** Of delays without a largest: exceeded once in 10^9 messages. */
const SURE = 1 - 1e-9;
const US_PER_S = 1e6;

/** @param loss - share of messages lost on all links, beside the impairments */
export function harmOf(impairments: readonly Impairment[], loss: number): LinkHarm {
  const all = <Kind extends ImpairmentKind>(kind: Kind): ImpairmentOf<Kind>[] =>
    impairments.filter((one): one is ImpairmentOf<Kind> => one.kind === kind);
  const lost = Math.max(loss, ...all('loss').map(({ share }) => share));
  // A corrupted message is as good as lost.
  const corrupted = Math.max(0, ...all('corruption').map(({ share }) => share));
  const rates = all('bandwidth').map(({ bitsPerSecond }) => bitsPerSecond);
  return {
    loss: 1 - (1 - lost) * (1 - corrupted),
    bursts: all('burstyLoss').map(({ goodUs, badUs, lossGood, lossBad }) => ({
      goodUs, badUs, lossGood, lossBad,
    })),
    delayUs: extraDelayUs(impairments, SURE),
    bitsPerSecond: rates.length === 0 ? null : Math.min(...rates),
  };
}

/**
 * The most by which messages are later than their latency, the time that it takes to put one on the
 * line aside. Of delays without a largest, what a share of `sure` stays below.
 */
export function extraDelayUs(impairments: readonly Impairment[], sure: number): number {
  const longest = (kind: ImpairmentKind): number =>
    Math.max(0, ...impairments.map((one) => (one.kind === kind ? delayUs(one, sure) : 0)));
  return impairmentKinds.reduce((sum, kind) => sum + longest(kind), 0);
}

function delayUs(impairment: Impairment, sure: number): number {
  // Out of the one host and into the other.
  if (impairment.kind === 'bandwidth') return 2 * impairment.queueUs;
  return 'delay' in impairment ? longestUs(impairment.delay, sure) : 0;
}

function longestUs(delay: Distribution, sure: number): number {
  const most = supremum(delay);
  return Math.ceil((Number.isFinite(most) ? most : quantile(delay, sure)) * US_PER_S - 1e-3);
}
