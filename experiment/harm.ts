/** What impairments amount to, at their worst over all links: what bounds reckon with. */
import type { LinkHarm } from '../core/observations.js';
import { impairmentKinds, kindOf, type Impairment } from './impairments/index.js';
import type { Harm } from './impairments/kind.js';

/** Of delays without a largest: exceeded once in 10^9 messages. */
const SURE = 1 - 1e-9;

/** @param loss - share of messages lost on all links, beside the impairments */
export function harmOf(impairments: readonly Impairment[], loss: number): LinkHarm {
  const harms = impairments.map((one): Harm => kindOf(one).harm(one));
  const plain: Impairment = { kind: 'loss', share: loss };
  const rates = harms.flatMap(({ bitsPerSecond = [] }) => bitsPerSecond);
  return {
    loss: 1 - byKind([plain, ...impairments]).reduce((kept, same) => {
      return kept * (1 - Math.max(0, ...same.map((harm) => harm.loss ?? 0)));
    }, 1),
    bursts: harms.flatMap(({ burst = [] }) => burst),
    delayUs: extraDelayUs(impairments, SURE),
    bitsPerSecond: rates.length === 0 ? null : Math.min(...rates),
  };
}

/**
 * The most by which messages are later than their latency, the time that it takes to put one on the
 * line aside. Of delays without a largest, what a share of `sure` stays below.
 */
export function extraDelayUs(impairments: readonly Impairment[], sure: number): number {
  return byKind(impairments).reduce((sum, same) => {
    return sum + Math.max(0, ...same.map(({ delayUs }) => delayUs?.(sure) ?? 0));
  }, 0);
}

/** One of a kind is in force on a link: the worst counts. Those of different kinds add up. */
function byKind(impairments: readonly Impairment[]): Harm[][] {
  return impairmentKinds.map(({ name }) =>
    impairments.filter(({ kind }) => kind === name).map((one) => kindOf(one).harm(one)));
}
