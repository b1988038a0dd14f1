/** What harms messages on their way, always (as part of the network) or while a fault lasts. */
import type { Distribution } from './random/distributions.js';

/**
 * Two states of a link in turn, for exponentially distributed times: each direction between two
 * hosts by itself (E. N. Gilbert, Bell System Technical Journal 39, 1960; E. O. Elliott, 42, 1963).
 */
export interface Spells {
  /** Mean length of a good spell. */
  readonly goodUs: number;
  /** Mean length of a bad spell. */
  readonly badUs: number;
}

export type Impairment =
  /** This share of messages is lost, each by itself. */
  | { readonly kind: 'loss'; readonly share: number }
  /** On top of that: these shares, in good and in bad spells. */
  | ({ readonly kind: 'burstyLoss'; readonly lossGood: number; readonly lossBad: number } & Spells)
  /** This share of messages arrives twice. */
  | { readonly kind: 'duplication'; readonly share: number }
  /** A bit of this share of messages is flipped on the way. */
  | { readonly kind: 'corruption'; readonly share: number }
  /** Each message takes so much longer. In seconds. */
  | { readonly kind: 'jitter'; readonly delay: Distribution }
  /** Each message of a bad spell takes so much longer. In seconds. */
  | ({ readonly kind: 'delaySpikes'; readonly delay: Distribution } & Spells)
  /** This share of messages takes so much longer, and is overtaken. In seconds. */
  | { readonly kind: 'reordering'; readonly share: number; readonly delay: Distribution }
  /** What a host sends leaves it one message after the other, and so does what it receives. */
  | {
      readonly kind: 'bandwidth';
      readonly bitsPerSecond: number;
      /** What would have to wait for longer is dropped. */
      readonly queueUs: number;
    };

export type ImpairmentKind = Impairment['kind'];
export type ImpairmentOf<Kind extends ImpairmentKind> = Extract<Impairment, { kind: Kind }>;

/** The names of impairments, in scenarios too. */
export const impairmentKinds = [
  'loss', 'burstyLoss', 'duplication', 'corruption', 'jitter', 'delaySpikes', 'reordering',
  'bandwidth',
] as const satisfies readonly ImpairmentKind[];

/** An impairment in force. */
export interface Layer {
  readonly impairment: Impairment;
  /** By address, 1: it bears on what this host sends and receives; null: on all messages. */
  readonly hosts: Uint8Array | null;
}
