/**
 * What harms messages on their way, always (as part of the network) or while a fault lasts: how
 * users write it, how bad it is at its worst, how it is told and made milder. A file of this folder
 * each; index.ts lists them in the order in which a message meets them.
 */
import type { z } from 'zod';
import type { LinkHarm } from '../../core/observations.js';

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

/** What it amounts to at its worst: what bounds reckon with. Left out: nothing of the sort. */
export interface Harm {
  /** Share of messages that is lost. */
  readonly loss?: number;
  readonly burst?: LinkHarm['bursts'][number];
  /** By how much messages are later; without a largest, what a share of `sure` is below. */
  readonly delayUs?: (sure: number) => number;
  readonly bitsPerSecond?: number;
}

export interface ImpairmentKind<Action = never, Given = never> {
  /** Of its key in scenarios too. */
  readonly name: string;
  /** What stands under its name. */
  readonly settings: z.ZodType<Given>;
  /** Of that, for users. */
  readonly meaning: string;
  read(given: Given): Action;
  /** As a user would write it. */
  settingsOf(action: Action): unknown;
  harm(action: Action): Harm;
  /** How strong it is, for people. */
  strength(action: Action): string;
  /** Clauses for its begin as a fault, and its end. */
  readonly began: (target: string) => string;
  readonly ended: string;
  /** On all links it takes the place of `network.loss`. */
  readonly isPlainLoss?: boolean;
  /** Why nothing is promised while such a fault lasts. */
  readonly unpromised?: string;
  /** Milder ones of its kind, the mildest first. */
  weaker?(action: Action): Iterable<Action>;
}
