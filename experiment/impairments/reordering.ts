import { z } from 'zod';
import type { Distribution } from '../random/distributions.js';
import { distribution, distributionSettings, share } from '../language/fields.js';
import type { ImpairmentKind } from './kind.js';
import { tooLate } from './late.js';
import { halved, longestUs, median, percent, shorter } from './strength.js';

/** This share of messages takes so much longer, and is overtaken. In seconds. */
export interface Reordering {
  readonly kind: 'reordering';
  readonly share: number;
  readonly delay: Distribution;
}

const settings = z.strictObject({
  share: share().describe('So many messages are held up.'),
  delay: distribution().describe('For so long; later ones overtake them.'),
});

export const reordering: ImpairmentKind<Reordering, z.output<typeof settings>> & {
  readonly name: 'reordering';
} = {
  name: 'reordering',
  settings,
  meaning: 'Some messages are held up and overtaken.',
  read: (given) => ({ kind: 'reordering', ...given }),
  settingsOf: (action) => ({ share: action.share, delay: distributionSettings(action.delay) }),
  harm: ({ delay }) => ({ delayUs: (sure) => longestUs(delay, sure) }),
  strength: (action) => `${percent(action.share)} by ${median(action.delay)}`,
  began: (target) => `messages began to overtake others (${target})`,
  ended: 'the reordering ended',
  unpromised: tooLate,
  *weaker(action) {
    yield* halved(action);
    yield* shorter(action);
  },
};
