import { z } from 'zod';
import { duration, rate } from '../language/fields.js';
import { formatDurationUs as us, formatRate } from '../language/units.js';
import type { ImpairmentKind } from './kind.js';

/** What a host sends leaves it one message after the other, and so does what it receives. */
export interface Bandwidth {
  readonly kind: 'bandwidth';
  readonly bitsPerSecond: number;
  /** What would have to wait for longer is dropped. */
  readonly queueUs: number;
}

const settings = z.strictObject({
  rate: rate().describe('What a host can send, and as much again receive.'),
  queue: duration().prefault('1s').describe('What would wait for longer is dropped.'),
});

export const bandwidth: ImpairmentKind<Bandwidth, z.output<typeof settings>> & {
  readonly name: 'bandwidth';
} = {
  name: 'bandwidth',
  settings,
  meaning: 'What a host sends, and what it receives, passes one message after the other.',
  read: ({ rate: bitsPerSecond, queue: queueUs }) => ({
    kind: 'bandwidth', bitsPerSecond, queueUs,
  }),
  settingsOf: ({ bitsPerSecond, queueUs }) => ({
    rate: formatRate(bitsPerSecond), queue: us(queueUs),
  }),
  // Out of the one host and into the other.
  harm: ({ bitsPerSecond, queueUs }) => ({ bitsPerSecond, delayUs: () => 2 * queueUs }),
  strength: ({ bitsPerSecond }) => formatRate(bitsPerSecond),
  began: (target) => `bandwidth became short (${target})`,
  ended: 'bandwidth was plenty again',
  unpromised: 'what finds no room is dropped',
};
