import type { Distribution } from '../random/distributions.js';
import { distribution, distributionSettings } from '../language/fields.js';
import type { ImpairmentKind } from './kind.js';
import { tooLate } from './late.js';
import { longestUs, median, shorter } from './strength.js';

/** Each message takes so much longer. In seconds. */
export interface Jitter {
  readonly kind: 'jitter';
  readonly delay: Distribution;
}

export const jitter: ImpairmentKind<Jitter, Distribution> & { readonly name: 'jitter' } = {
  name: 'jitter',
  settings: distribution(),
  meaning: 'Added to the delay of each message.',
  read: (delay) => ({ kind: 'jitter', delay }),
  settingsOf: ({ delay }) => distributionSettings(delay),
  harm: ({ delay }) => ({ delayUs: (sure) => longestUs(delay, sure) }),
  strength: ({ delay }) => median(delay),
  began: (target) => `delays began to vary (${target})`,
  ended: 'the jitter ended',
  unpromised: tooLate,
  weaker: shorter,
};
