import { z } from 'zod';
import type { Healing } from './kind.js';

/** Ends all faults that are under way, base loss too, and starts no later random ones. */
export interface Heal {
  readonly kind: 'heal';
}

export const heal: Healing<Heal, 'all'> & { readonly name: 'heal' } = {
  name: 'heal',
  settings: z.literal('all'),
  meaning: 'Ends all faults, base loss too, for good.',
  read: () => ({ kind: 'heal' }),
  settingsOf: () => ({ heal: 'all' }),
  wrongTime: ({ kind, repairs }) => kind === 'at' && !repairs ? null : {
    key: 'entry',
    problem: 'heal is for good',
    remedy: 'give it a time with `at` and no `repairAfter`',
  },
  hits: 'all',
  words: {
    began: () => 'everything was healed',
    ended: () => 'everything was healed',
    begin: 'the healing',
  },
};
