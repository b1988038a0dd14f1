import { share } from '../language/fields.js';
import type { ImpairmentKind } from './kind.js';
import { halved, percent } from './strength.js';

/** This share of messages is lost, each by itself. */
export interface Loss {
  readonly kind: 'loss';
  readonly share: number;
}

export const loss: ImpairmentKind<Loss, number> & { readonly name: 'loss' } = {
  name: 'loss',
  settings: share(),
  meaning: 'This share of messages is lost meanwhile.',
  read: (given) => ({ kind: 'loss', share: given }),
  settingsOf: (action) => action.share,
  harm: (action) => ({ loss: action.share }),
  strength: (action) => percent(action.share),
  // Where some hosts are named, they come after the share.
  began: (target) => target.includes(' at ')
    ? `messages began to get lost (${target})`
    : `${target} of the messages began to get lost`,
  isPlainLoss: true,
  ended: 'the loss of messages ended',
  weaker: halved,
};
