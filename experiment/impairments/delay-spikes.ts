import { z } from 'zod';
import type { Distribution } from '../random/distributions.js';
import { distribution, distributionSettings } from '../language/fields.js';
import type { ImpairmentKind, Spells } from './kind.js';
import { tooLate } from './late.js';
import { spellFields, spellSettings } from './spells.js';
import { inSpells, longestUs, median, shorter } from './strength.js';

/** Each message of a bad spell takes so much longer. In seconds. */
export interface DelaySpikes extends Spells {
  readonly kind: 'delaySpikes';
  readonly delay: Distribution;
}

const settings = z.strictObject({
  ...spellFields,
  delay: distribution().describe('How much longer each message of a bad spell takes.'),
});

export const delaySpikes: ImpairmentKind<DelaySpikes, z.output<typeof settings>> & {
  readonly name: 'delaySpikes';
} = {
  name: 'delaySpikes',
  settings,
  meaning: 'Now and then all messages of a link take longer, on each link by itself.',
  read: ({ good, bad, delay }) => ({ kind: 'delaySpikes', goodUs: good, badUs: bad, delay }),
  settingsOf: (action) => ({
    ...spellSettings(action), delay: distributionSettings(action.delay),
  }),
  harm: ({ delay }) => ({ delayUs: (sure) => longestUs(delay, sure) }),
  strength: (action) => inSpells(median(action.delay), action),
  began: (target) => `delays began to spike (${target})`,
  ended: 'the delay spikes ended',
  unpromised: tooLate,
  weaker: shorter,
};
