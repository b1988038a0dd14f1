import { messageTypes } from '../../core/messages.js';
import { EventDigest } from './event-digest.js';
import { classOfOrder, MESSAGE, TIMER } from './loop.js';

/** An event as it stands in the order of events; receiver and sender 0: the world. */
export interface RecordedEvent {
  readonly time: number;
  readonly receiver: number;
  readonly sender: number;
  readonly order: number;
  readonly kind: number;
}

/** A range of numbered things, `to` not included. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** A digest that also tells where two runs begin to differ: block by block, or event by event. */
export class EventRecord extends EventDigest {
  /** The digest after each full block of events. */
  readonly blocks: string[] = [];
  /** The events of the window. */
  readonly events: RecordedEvent[] = [];
  private readonly blockSize: number;
  private readonly window: Range | null;
  private count = 0;

  constructor(blockSize: number, window: Range | null = null) {
    super();
    this.blockSize = blockSize;
    this.window = window;
  }

  override mix(time: number, receiver: number, sender: number, order: number, kind: number): void {
    super.mix(time, receiver, sender, order, kind);
    const { window, count } = this;
    if (window !== null && count >= window.from && count < window.to) {
      this.events.push({ time, receiver, sender, order, kind });
    }
    this.count += 1;
    if (this.count % this.blockSize === 0) this.blocks.push(this.hex());
  }
}

/** For people. @param name - of a process, by its address */
export function describeEvent(event: RecordedEvent, name: (address: number) => string): string {
  const { time, receiver, sender, order, kind } = event;
  const who = (id: number): string => (id === 0 ? 'the world' : name(id - 1));
  const at = `${(time / 1e6).toFixed(6)} s`;
  const eventClass = classOfOrder(order);
  if (eventClass === MESSAGE) {
    return `${at}: ${messageTypes[kind]} from ${who(sender)} to ${who(receiver)}`;
  }
  const what = eventClass === TIMER ? 'timer' : 'note';
  return `${at}: ${what} ${kind} of ${who(receiver)}`;
}
