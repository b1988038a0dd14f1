import { share } from '../language/fields.js';
import type { ImpairmentKind } from './kind.js';
import { halved, percent } from './strength.js';

/** A bit of this share of messages is flipped on the way. */
export interface Corruption {
  readonly kind: 'corruption';
  readonly share: number;
}

export const corruption: ImpairmentKind<Corruption, number> & { readonly name: 'corruption' } = {
  name: 'corruption',
  settings: share(),
  meaning: 'Share of messages in which a bit is flipped: receivers notice and drop them.',
  read: (given) => ({ kind: 'corruption', share: given }),
  settingsOf: (action) => action.share,
  // A corrupted message is as good as lost.
  harm: (action) => ({ loss: action.share }),
  strength: (action) => percent(action.share),
  began: (target) => `messages began to be corrupted (${target})`,
  ended: 'the corruption ended',
  weaker: halved,
};
