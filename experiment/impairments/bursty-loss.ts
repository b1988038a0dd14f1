import { z } from 'zod';
import { share } from '../language/fields.js';
import type { ImpairmentKind, Spells } from './kind.js';
import { spellFields, spellSettings } from './spells.js';
import { inSpells, percent } from './strength.js';

/** On top of plain loss: these shares, in good and in bad spells. */
export interface BurstyLoss extends Spells {
  readonly kind: 'burstyLoss';
  readonly lossGood: number;
  readonly lossBad: number;
}

const settings = z.strictObject({
  ...spellFields,
  lossGood: share().prefault(0).describe('Share of messages lost in good spells.'),
  lossBad: share().prefault(1).describe('Share of messages lost in bad spells.'),
});

export const burstyLoss: ImpairmentKind<BurstyLoss, z.output<typeof settings>> & {
  readonly name: 'burstyLoss';
} = {
  name: 'burstyLoss',
  settings,
  meaning: 'Messages lost in bursts (Gilbert-Elliott), on each link by itself.',
  read: ({ good, bad, lossGood, lossBad }) => ({
    kind: 'burstyLoss', goodUs: good, badUs: bad, lossGood, lossBad,
  }),
  settingsOf: (action) => ({
    ...spellSettings(action), lossGood: action.lossGood, lossBad: action.lossBad,
  }),
  harm: ({ goodUs, badUs, lossGood, lossBad }) => ({
    burst: { goodUs, badUs, lossGood, lossBad },
  }),
  strength: (action) => inSpells(percent(action.lossBad), action),
  began: (target) => `messages began to get lost in bursts (${target})`,
  ended: 'the bursts of loss ended',
};
