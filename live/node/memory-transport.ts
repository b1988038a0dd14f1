import { DecodeError, plainWire, type Wire } from '../../core/codec.js';
import type { Message } from '../../core/wire/record.js';
import type { Address } from '../../core/process.js';
import type { Port, Receiver, Transport } from '../../core/transport.js';
import { ITSELF, Traffic, type LinkTallies, type LossCause } from './traffic.js';

/** What may wait for one who does not read before more is dropped: some large snapshots. */
export const BACKLOG_BYTES = 16 * 1024 * 1024;

/** What a message that waits takes beside its bytes: its copy's own objects. */
const WAITING_BYTES = 256;

/** Takes the bytes of a message to addresses elsewhere; the cause if it could not, else null. */
export type Forward = (from: Address, to: Address, bytes: Uint8Array) => LossCause | null;

/** Of a node that can be paused. */
export interface PausingPort extends Port {
  /** What arrives waits until {@link release}. */
  hold(): void;
  release(): void;
}

/** Whoever is open here. */
interface Opened {
  readonly receive: Receiver;
  /** What waits: sender and bytes. Null: nothing has to. */
  held: (readonly [from: Address, bytes: Uint8Array])[] | null;
  heldBytes: number;
}

/**
 * Between addresses of one OS process, by way of the codec all the same, and of the event loop: a
 * message never arrives within the call that sends it.
 */
export class MemoryTransport implements Transport {
  readonly traffic: Traffic;
  readonly wire: Wire;
  private readonly own: LinkTallies;
  private readonly opened = new Map<Address, Opened>();
  private readonly forward: Forward;

  /**
   * @param forward - where messages for addresses go that are not open here
   * @param wire - what the nodes speak
   */
  constructor(forward: Forward = () => 'receiver-down', wire = plainWire) {
    this.forward = forward;
    this.wire = wire;
    this.traffic = new Traffic(wire.types.length);
    this.own = this.traffic.link(ITSELF, 0);
  }

  open(address: Address, receive: Receiver): PausingPort {
    if (this.opened.has(address)) throw new RangeError(`address ${address} is open already`);
    const own: Opened = { receive, held: null, heldBytes: 0 };
    this.opened.set(address, own);
    let open = true;
    return {
      send: (to, message) => {
        if (open) this.send(address, to, message);
      },
      close: () => {
        if (open) this.opened.delete(address);
        open = false;
        for (const [, bytes] of own.held ?? []) this.drop('receiver-down', bytes);
      },
      hold: () => {
        own.held ??= [];
      },
      release: () => {
        const { held } = own;
        own.held = null;
        own.heldBytes = 0;
        for (const [from, bytes] of held ?? []) this.deliver(from, address, bytes);
      },
    };
  }

  /** A message has arrived, from elsewhere or from here. */
  deliver(from: Address, to: Address, bytes: Uint8Array): void {
    const receiver = this.opened.get(to);
    if (receiver === undefined) return this.drop('receiver-down', bytes);
    if (receiver.held !== null) {
      if (receiver.heldBytes > BACKLOG_BYTES) return this.drop('queue-full', bytes);
      receiver.heldBytes += bytes.length + WAITING_BYTES;
      // The bytes are valid during the call.
      return void receiver.held.push([from, bytes.slice()]);
    }
    let message: Message;
    try {
      message = this.wire.decode(bytes);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      return this.drop('corrupted', bytes);
    }
    this.traffic.delivered[this.wire.placeOf(bytes)] += 1;
    receiver.receive(from, message);
  }

  private send(from: Address, to: Address, message: Message): void {
    const bytes = this.wire.encode(message);
    const type = this.wire.placeOf(bytes);
    this.traffic.sent[type] += 1;
    this.traffic.bytes[type] += bytes.length;
    if (this.opened.has(to)) {
      this.own.out.add(type, bytes);
      setImmediate(() => {
        this.own.in.add(type, bytes);
        this.deliver(from, to, bytes);
      });
      return;
    }
    const cause = this.forward(from, to, bytes);
    if (cause !== null) this.drop(cause, bytes);
  }

  /** Of broken bytes the type is only as good as the first ones. */
  private drop(cause: LossCause, bytes: Uint8Array): void {
    const type = this.wire.placeOf(bytes);
    if (type >= 0) this.traffic.dropped[cause][type] += 1;
  }
}
