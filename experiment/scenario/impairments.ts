/** Impairments as users write them: under `network`, and as faults. */
import { z } from 'zod';
import { impairmentKinds, type Impairment, type ImpairmentKind } from '../impairment.js';
import { distribution, duration, period, rate, share } from './fields.js';

const spells = {
  good: period().describe('Mean length of a good spell.'),
  bad: period().describe('Mean length of a bad spell.'),
};

const burstyLoss = z.strictObject({
  ...spells,
  lossGood: share().prefault(0).describe('Share of messages lost in good spells.'),
  lossBad: share().prefault(1).describe('Share of messages lost in bad spells.'),
});
const duplication = share();
const corruption = share();
const jitter = distribution();
const delaySpikes = z.strictObject({
  ...spells,
  delay: distribution().describe('How much longer each message of a bad spell takes.'),
});
const reordering = z.strictObject({
  share: share().describe('So many messages are held up.'),
  delay: distribution().describe('For so long; later ones overtake them.'),
});
const bandwidth = z.strictObject({
  rate: rate().describe('What a host can send, and as much again receive.'),
  queue: duration().prefault('1s').describe('What would wait for longer is dropped.'),
});

/** All but plain loss, which has been there for longer. */
export const impairmentFields = {
  burstyLoss: burstyLoss
    .optional()
    .describe('Messages lost in bursts (Gilbert-Elliott), on each link by itself.'),
  duplication: duplication.optional().describe('Share of messages that arrive twice.'),
  corruption: corruption
    .optional()
    .describe('Share of messages in which a bit is flipped: receivers notice and drop them.'),
  jitter: jitter.optional().describe('Added to the delay of each message.'),
  delaySpikes: delaySpikes
    .optional()
    .describe('Now and then all messages of a link take longer, on each link by itself.'),
  reordering: reordering.optional().describe('Some messages are held up and overtaken.'),
  bandwidth: bandwidth
    .optional()
    .describe('What a host sends, and what it receives, passes one message after the other.'),
};

const given = z.object(impairmentFields);
export type ImpairmentSettings = z.output<typeof given> & { readonly loss?: number | undefined };

/** The impairment that a user wrote under the name of its kind; null: none of that kind. */
export function impairmentOf(
  settings: ImpairmentSettings,
  kind: ImpairmentKind,
): Impairment | null {
  switch (kind) {
    case 'loss':
    case 'duplication':
    case 'corruption': {
      const value = settings[kind];
      return value === undefined ? null : { kind, share: value };
    }
    case 'jitter':
      return settings.jitter === undefined ? null : { kind, delay: settings.jitter };
    case 'reordering':
      return settings.reordering === undefined ? null : { kind, ...settings.reordering };
    case 'burstyLoss': {
      if (settings.burstyLoss === undefined) return null;
      const { good, bad, lossGood, lossBad } = settings.burstyLoss;
      return { kind, goodUs: good, badUs: bad, lossGood, lossBad };
    }
    case 'delaySpikes': {
      if (settings.delaySpikes === undefined) return null;
      const { good, bad, delay } = settings.delaySpikes;
      return { kind, goodUs: good, badUs: bad, delay };
    }
    case 'bandwidth': {
      if (settings.bandwidth === undefined) return null;
      const { rate: bitsPerSecond, queue: queueUs } = settings.bandwidth;
      return { kind, bitsPerSecond, queueUs };
    }
  }
}

/** Those of the network itself, in a fixed order. */
export function impairmentsOf(settings: ImpairmentSettings): Impairment[] {
  return impairmentKinds
    .filter((kind) => kind !== 'loss')
    .map((kind) => impairmentOf(settings, kind))
    .filter((impairment) => impairment !== null);
}
