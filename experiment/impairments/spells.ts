/** Two states of a link, as users write them. */
import { period } from '../language/fields.js';
import { formatDurationUs as us } from '../language/units.js';
import type { Spells } from './kind.js';

export const spellFields = {
  good: period().describe('Mean length of a good spell.'),
  bad: period().describe('Mean length of a bad spell.'),
};

export function spellSettings({ goodUs, badUs }: Spells): { good: string; bad: string } {
  return { good: us(goodUs), bad: us(badUs) };
}
