/** What impairments amount to, at their worst over all links: what bounds reckon with. */
import type { LinkHarm } from '../core/observations.js';
import type { Impairment, ImpairmentKind, ImpairmentOf } from './impairment.js';
import { quantile, supremum, type Distribution } from './random/distributions.js';

/** Of delays without a largest: exceeded once in 10^9 messages. */
const RARE = 1e-9;
const US_PER_S = 1e6;

/** @param loss - share of messages lost on all links, beside the impairments */
export function harmOf(impairments: readonly Impairment[], loss: number): LinkHarm {
  const all = <Kind extends ImpairmentKind>(kind: Kind): ImpairmentOf<Kind>[] =>
    impairments.filter((one): one is ImpairmentOf<Kind> => one.kind === kind);
  const lost = Math.max(loss, ...all('loss').map(({ share }) => share));
  // A corrupted message is as good as lost.
  const corrupted = Math.max(0, ...all('corruption').map(({ share }) => share));
  const longest = (delays: readonly { delay: Distribution }[]): number =>
    Math.max(0, ...delays.map(({ delay }) => longestUs(delay)));
  return {
    loss: 1 - (1 - lost) * (1 - corrupted),
    bursts: all('burstyLoss').map(({ goodUs, badUs, lossGood, lossBad }) => ({
      goodUs, badUs, lossGood, lossBad,
    })),
    delayUs:
      longest(all('jitter')) + longest(all('delaySpikes')) + longest(all('reordering')) +
      Math.max(0, ...all('bandwidth').map(({ queueUs }) => queueUs)),
    bitsPerSecond: Math.min(Infinity, ...all('bandwidth').map((one) => one.bitsPerSecond)),
  };
}

/** The largest value, or what is exceeded once in 10^9 samples. */
export function longestUs(delay: Distribution): number {
  const most = supremum(delay);
  return Math.ceil((Number.isFinite(most) ? most : quantile(delay, 1 - RARE)) * US_PER_S - 1e-3);
}
