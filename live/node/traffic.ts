/** Why a message did not arrive, as far as a real world can tell. */
export const lossCauses = ['receiver-down', 'loss', 'corrupted', 'queue-full'] as const;
export type LossCause = (typeof lossCauses)[number];

/** The peer of messages that stay within an OS process. */
export const ITSELF = -1;

/** Messages, and their bytes, by type. */
export class Tally {
  readonly messages: Float64Array;
  readonly bytes: Float64Array;

  constructor(types: number) {
    this.messages = new Float64Array(types);
    this.bytes = new Float64Array(types);
  }

  /** @param type - its place; -1: nobody knows */
  add(type: number, bytes: Uint8Array): void {
    if (type < 0) return;
    this.messages[type] += 1;
    this.bytes[type] += bytes.length;
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

/** Counts of an OS process by message type. */
export class Traffic {
  readonly types: number;
  readonly sent: Float64Array;
  readonly delivered: Float64Array;
  readonly bytes: Float64Array;
  readonly dropped: Readonly<Record<LossCause, Float64Array>>;
  readonly links: LinkTallies[] = [];

  /** @param types - how many there are */
  constructor(types: number) {
    const none = (): Float64Array => new Float64Array(types);
    this.types = types;
    this.sent = none();
    this.delivered = none();
    this.bytes = none();
    this.dropped = {
      'receiver-down': none(), loss: none(), corrupted: none(), 'queue-full': none(),
    };
  }

  link(peer: number, life: number): LinkTallies {
    const known = this.links.find((link) => link.peer === peer && link.life === life);
    if (known !== undefined) return known;
    const link = { peer, life, out: new Tally(this.types), in: new Tally(this.types) };
    this.links.push(link);
    return link;
  }
}
