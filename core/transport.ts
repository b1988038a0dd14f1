/** The part of the seam that carries messages between addresses. */
import type { Message } from './wire/record.js';
import type { Address } from './process.js';

/** Takes what arrives. The message is valid only during the call. */
export type Receiver = (from: Address, message: Message) => void;

/**
 * Carries messages with the semantics of datagrams: one may be lost, late, repeated, or overtaken
 * by a later one, but what arrives is as it was sent, from whom it says, and to whom it was sent.
 */
export interface Transport {
  /**
   * Opens an address: what arrives for it goes to `receive` from now on, never during a call of
   * the receiver's own into the transport.
   *
   * @throws RangeError if the address is open here already
   */
  open(address: Address, receive: Receiver): Port;
}

/** One address, while it is open. */
export interface Port {
  /**
   * Never waits and never fails: a message for an address where nobody is, or beyond what the way
   * there can hold, is dropped. The transport owns the message now.
   */
  send(to: Address, message: Message): void;
  /** Nothing is received from now on; sending does nothing. Closing again does nothing. */
  close(): void;
}
