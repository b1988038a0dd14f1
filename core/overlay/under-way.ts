/**
 * What a node has in hand of what is routed: the same message twice at a time is once. Where hops
 * take longer than their acknowledgements are waited for, or messages are repeated, one message
 * comes many times; were each passed on by itself, they would grow by the hop.
 */
import type { NodeId } from '../identity.js';
import type { Address } from '../process.js';
import type { Message } from '../wire/record.js';

/** A message on its way to a key. */
export interface Routed {
  readonly key: NodeId;
  readonly source: Address;
  readonly payload: Message;
}

/** One message that a node tries to bring a hop farther. */
export interface Errand {
  readonly name: string;
  /** Who was given it already: nobody is given it twice. */
  readonly asked: Set<Address>;
}

export class UnderWay {
  readonly #names = new Set<string>();

  /** Null: the same is under way already. */
  begin(routed: Routed): Errand | null {
    const name = nameOf(routed);
    if (this.#names.has(name)) return null;
    this.#names.add(name);
    return { name, asked: new Set() };
  }

  /** It has arrived at the next hop, or nobody is left to be asked. */
  end({ name }: Errand): void {
    this.#names.delete(name);
  }
}

/** The same for messages that say the same: the second is no news to whom the first reaches. */
function nameOf({ key, source, payload }: Routed): string {
  return `${key} ${source} ${JSON.stringify(payload)}`;
}
