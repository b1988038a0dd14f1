import { decode, DecodeError, encode } from '../../core/codec.js';
import { messageTypes, type Message } from '../../core/messages.js';
import type { Address } from '../../core/process.js';
import type { Port, Receiver, Transport } from '../../core/transport.js';
import { Traffic, type LossCause } from './traffic.js';

/** Takes the bytes of a message to addresses elsewhere; the cause if it could not, else null. */
export type Forward = (from: Address, to: Address, bytes: Uint8Array) => LossCause | null;

/**
 * Between addresses of one OS process, by way of the codec all the same, and of the event loop: a
 * message never arrives within the call that sends it.
 */
export class MemoryTransport implements Transport {
  readonly counters = new Traffic();
  private readonly receivers = new Map<Address, Receiver>();
  private readonly forward: Forward;

  /** @param forward - where messages for addresses go that are not open here */
  constructor(forward: Forward = () => 'receiver-down') {
    this.forward = forward;
  }

  open(address: Address, receive: Receiver): Port {
    if (this.receivers.has(address)) throw new RangeError(`address ${address} is open already`);
    this.receivers.set(address, receive);
    let open = true;
    return {
      send: (to, message) => {
        if (open) this.send(address, to, message);
      },
      close: () => {
        if (open) this.receivers.delete(address);
        open = false;
      },
    };
  }

  /** A message has arrived, from elsewhere or from here. */
  deliver(from: Address, to: Address, bytes: Uint8Array): void {
    const receive = this.receivers.get(to);
    if (receive === undefined) return this.drop('receiver-down', bytes);
    let message: Message;
    try {
      message = decode(bytes);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      return this.drop('corrupted', bytes);
    }
    this.counters.delivered[bytes[0]] += 1;
    receive(from, message);
  }

  private send(from: Address, to: Address, message: Message): void {
    const bytes = encode(message);
    this.counters.sent[bytes[0]] += 1;
    this.counters.bytes[bytes[0]] += bytes.length;
    if (this.receivers.has(to)) {
      setImmediate(() => this.deliver(from, to, bytes));
      return;
    }
    const cause = this.forward(from, to, bytes);
    if (cause !== null) this.drop(cause, bytes);
  }

  /** Of broken bytes the type is only as good as the first one. */
  private drop(cause: LossCause, bytes: Uint8Array): void {
    if (bytes[0] < messageTypes.length) this.counters.dropped[cause][bytes[0]] += 1;
  }
}
