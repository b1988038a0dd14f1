/**
 * The event queue: what happens next. Two implementations give the same order, event by event:
 * `WheelQueue`, fast at any size, and `HeapQueue`, simple enough to believe.
 */

/**
 * Pending events in total order by (time, receiver, sender, order). The order does not depend on
 * the order of insertion, so equal keys have no place in it: they are an error of the caller.
 */
export interface EventQueue {
  /** Number of pending events. */
  readonly size: number;
  /**
   * Adds an event.
   *
   * @param time - integer microseconds, at least the time of the last popped event, up to 2^53
   * @param receiver - int32 >= 0; 0 is the world, which therefore comes first in an instant
   * @param sender - int32 >= 0
   * @param order - safe integer: class, sender's counter and copy, packed by the caller
   * @param slot - int32 handle of the payload, no part of the order
   * @param note - int32 of the caller's, no part of the order
   */
  push(
    time: number, receiver: number, sender: number, order: number, slot: number, note: number,
  ): void;
  /**
   * Makes the earliest event current and removes it.
   *
   * @returns false when nothing is pending (the current event stays what it was)
   * @throws EqualKeysError when another pending event has the same key
   */
  pop(): boolean;
  /** Time of the earliest pending event; Infinity when empty. */
  peekTime(): number;

  /** The current event: what `pop` took last. Meaningless before the first. */
  readonly time: number;
  readonly receiver: number;
  readonly sender: number;
  readonly order: number;
  readonly slot: number;
  readonly note: number;
}

/**
 * Is told some time before of the events that come next, in no order: not of all of them, and maybe
 * of some twice. May look at them, and must not change anything.
 */
export interface EventsAhead {
  add(receiver: number, slot: number): void;
  /** Those were all, for now. */
  end(): void;
}

/** Two pending events have the same key, so their order is not determined. */
export class EqualKeysError extends Error {
  override readonly name = 'EqualKeysError';
  readonly time: number;
  readonly receiver: number;
  readonly sender: number;
  readonly order: number;

  constructor(time: number, receiver: number, sender: number, order: number) {
    super(
      `two events with the same key: time ${time} us, receiver ${receiver}, sender ${sender}, ` +
        `order ${order}; a sender must give each event of an instant its own order`,
    );
    this.time = time;
    this.receiver = receiver;
    this.sender = sender;
    this.order = order;
  }
}
