import { share } from '../language/fields.js';
import type { ImpairmentKind } from './kind.js';
import { halved, percent } from './strength.js';

/** This share of messages arrives twice. */
export interface Duplication {
  readonly kind: 'duplication';
  readonly share: number;
}

export const duplication: ImpairmentKind<Duplication, number> & { readonly name: 'duplication' } = {
  name: 'duplication',
  settings: share(),
  meaning: 'Share of messages that arrive twice.',
  read: (given) => ({ kind: 'duplication', share: given }),
  settingsOf: (action) => action.share,
  harm: () => ({}),
  strength: (action) => percent(action.share),
  began: (target) => `messages began to arrive twice (${target})`,
  ended: 'the duplication ended',
  weaker: halved,
};
