import { messageTypes } from '../../core/messages.js';

/** Why a message did not arrive, as far as a real world can tell. */
export const lossCauses = ['receiver-down', 'loss', 'corrupted', 'queue-full'] as const;
export type LossCause = (typeof lossCauses)[number];

/** The peer of messages that stay within an OS process. */
export const ITSELF = -1;

/** Messages, and their bytes, by type. */
export class Tally {
  readonly messages = new Float64Array(messageTypes.length);
  readonly bytes = new Float64Array(messageTypes.length);

  /** @param bytes - as encoded: the first is the type */
  add(bytes: Uint8Array): void {
    if (bytes[0] >= messageTypes.length) return;
    this.messages[bytes[0]] += 1;
    this.bytes[bytes[0]] += bytes.length;
  }
}

/** What went from here to one life of another OS process, and what came from it. */
export interface LinkTallies {
  readonly peer: number;
  readonly life: number;
  /** Handed to the system. */
  readonly out: Tally;
  readonly in: Tally;
}

/** Counts of an OS process by message type, indexed as {@link messageTypes}. */
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
  readonly links: LinkTallies[] = [];

  link(peer: number, life: number): LinkTallies {
    const known = this.links.find((link) => link.peer === peer && link.life === life);
    if (known !== undefined) return known;
    const link = { peer, life, out: new Tally(), in: new Tally() };
    this.links.push(link);
    return link;
  }
}
