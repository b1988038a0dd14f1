import { messageTypes } from '../../core/messages.js';

/** Why a message did not arrive, as far as a real world can tell. */
export const lossCauses = ['receiver-down', 'loss', 'corrupted', 'queue-full'] as const;
export type LossCause = (typeof lossCauses)[number];

/** Counts by message type, indexed as {@link messageTypes}. */
export class Traffic {
  readonly sent = new Float64Array(messageTypes.length);
  readonly delivered = new Float64Array(messageTypes.length);
  readonly bytes = new Float64Array(messageTypes.length);
  readonly dropped: Readonly<Record<LossCause, Float64Array>> = {
    'receiver-down': new Float64Array(messageTypes.length),
    loss: new Float64Array(messageTypes.length),
    corrupted: new Float64Array(messageTypes.length),
    'queue-full': new Float64Array(messageTypes.length),
  };
}
