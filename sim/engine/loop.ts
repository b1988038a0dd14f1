/**
 * The event loop: timers, messages in flight and the world's own events, in one queue. Pending
 * events live in numbered slots of a few big tables, so that an event costs no object and no
 * closure; a slot is used again as soon as its event is over.
 */
import type { Message } from '../../core/wire/record.js';
import type { Address, TimerId } from '../../core/process.js';
import { EventDigest } from './event-digest.js';
import type { EventQueue } from './queue.js';

/** What a slot holds; part of the order of events, so the numbers are part of every digest. */
export const MESSAGE = 0;
export const TIMER = 1;
export const WORLD = 2;
/** A timer that was cancelled: its event comes and does nothing. */
const CANCELLED = 3;

/** What the loop tells: its events, in order, while `run` is active. */
export interface EventHandler {
  /** The world's own event: before all others of its instant. */
  onWorldEvent(kind: number, argument: number): void;
  /**
   * A message, timer or note for a process. The handler must give the slot back, at once or later,
   * by {@link EventLoop.release}.
   */
  onProcessEvent(address: Address, sender: Address, slot: number): void;
  /** A timer that has no slot, for a process in the given life; see {@link EventLoop.after}. */
  onSlotlessTimer(address: Address, kind: number, argument: number, life: number): void;
}

// One slot is 8 words of 4 bytes, so that an event touches one cache line: class, kind, life of
// the process, generation of the slot, argument (two words), next free slot, unused.
const WORDS = 8;
const KIND = 1;
const LIFE = 2;
const GENERATION = 3;
const ARGUMENT = 2; // in words of 8 bytes
const NEXT = 6;

/** In the place of the life, which messages have none of. */
const POSTPONED = 1;

/** A timer's id is generation * SLOTS + slot; so many slots there can be ... */
const SLOTS = 1 << 26;
/** ... and so often a slot is used before it is retired, lest an old id name a new timer. */
const GENERATIONS = (1 << 27) - 1;

/** `order` is class * CLASS + counter * COPIES + copy: a safe integer for 2^48 events a sender. */
export const CLASS = 1125899906842624; // 2^50
export const COPIES = 4;

/** The note of a timer without a slot: life * 2^KIND_BITS + kind. */
const KIND_BITS = 8;
export const KIND_MASK = (1 << KIND_BITS) - 1;
const LIFE_MASK = (1 << (31 - KIND_BITS)) - 1;

/** The world is receiver and sender 0; the process at address a is a + 1. */
const WORLD_ID = 0;

export class EventLoop {
  /** Virtual time: microseconds since the run began. */
  now = 0;
  /** Events handled; cancelled timers are not counted. */
  events = 0;
  /** Messages sent and neither delivered nor dropped. */
  messagesInFlight = 0;

  private readonly queue: EventQueue;
  private readonly handler: EventHandler;
  private readonly mixer = new EventDigest();
  private words = new Int32Array(1024 * WORDS);
  private doubles = new Float64Array(this.words.buffer);
  private messages: (Message | null)[] = [];
  private used = 0;
  /** Head of the list of free slots; -1: empty. */
  private free = -1;
  private worldCounter = 0;
  // No small integer to begin with: when it no longer is one, what the compiler knows is void.
  private stopUs = Infinity;

  constructor(queue: EventQueue, handler: EventHandler) {
    this.queue = queue;
    this.handler = handler;
  }

  /** 14 hexadecimal digits over all events so far, whatever the queue. */
  get digest(): string {
    return this.mixer.hex();
  }

  /**
   * Handles events before `untilUs`, or before what {@link stopBefore} says meanwhile, at most
   * `budget` of them.
   *
   * @returns whether nothing before that is left; then it is the time
   */
  run(untilUs: number, budget: number): boolean {
    const { queue, handler, mixer } = this;
    this.stopUs = untilUs;
    for (let left = budget; left > 0; left -= 1) {
      if (queue.peekTime() >= this.stopUs) {
        this.now = this.stopUs;
        return true;
      }
      queue.pop();
      const { time, receiver, sender, slot } = queue;
      if (slot < 0) {
        const { note } = queue;
        const kind = note & KIND_MASK;
        mixer.mix(time, receiver, sender, queue.order, kind);
        this.now = time;
        this.events += 1;
        handler.onSlotlessTimer(receiver - 1, kind, -1 - slot, note >>> KIND_BITS);
        continue;
      }
      const word = slot * WORDS;
      const kind = this.words[word + KIND];
      mixer.mix(time, receiver, sender, queue.order, kind);
      this.now = time;
      if (this.words[word] === CANCELLED) {
        this.release(slot);
        continue;
      }
      this.events += 1;
      if (receiver === WORLD_ID) {
        const argument = this.argumentOf(slot);
        this.release(slot);
        handler.onWorldEvent(kind, argument);
      } else {
        handler.onProcessEvent(receiver - 1, sender - 1, slot);
      }
    }
    return false;
  }

  /** The present {@link run} is to end before that instant, which is still to come. */
  stopBefore(timeUs: number): void {
    if (timeUs < this.stopUs) this.stopUs = timeUs;
  }

  /** An event of the world itself. */
  scheduleWorld(atUs: number, kind: number, argument: number): void {
    if (!(atUs >= this.now)) throw new RangeError(`event at ${atUs} us, now is ${this.now} us`);
    const slot = this.take(WORLD, kind, 0, argument);
    this.queue.push(atUs, WORLD_ID, WORLD_ID, this.nextWorldOrder(), slot, 0);
  }

  /** The world tells a process something, now but not before the present event is over. */
  notify(receiver: Address, kind: number, argument: number, life: number): void {
    const slot = this.take(WORLD, kind, life, argument);
    this.queue.push(this.now, receiver + 1, WORLD_ID, this.nextWorldOrder(), slot, 0);
  }

  /**
   * @param counter - the process's own, one higher for each timer and message
   * @param life - which life of the process the timer belongs to
   */
  setTimer(
    process: Address,
    delayUs: number,
    kind: number,
    argument: number,
    counter: number,
    life: number,
  ): TimerId {
    const slot = this.take(TIMER, kind, life, argument);
    const order = CLASS + counter * COPIES;
    this.queue.push(this.now + delayUs, process + 1, process + 1, order, slot, 0);
    return this.words[slot * WORDS + GENERATION] * SLOTS + slot;
  }

  /**
   * As {@link setTimer}, without a way to cancel it. What it takes is kept in the queue itself, if
   * it is as small as it always is: a slot would be one more place to find in memory.
   */
  after(
    process: Address,
    delayUs: number,
    kind: number,
    argument: number,
    counter: number,
    life: number,
  ): void {
    const fits = kind <= KIND_MASK && life <= LIFE_MASK && argument >= 0 && argument < SLOTS;
    if (!fits || Math.floor(argument) !== argument) {
      this.setTimer(process, delayUs, kind, argument, counter, life);
      return;
    }
    const order = CLASS + counter * COPIES;
    const note = kind | (life << KIND_BITS);
    this.queue.push(this.now + delayUs, process + 1, process + 1, order, -1 - argument, note);
  }

  /** Gives a slot to a timer that has none, for one that must wait before it is handled. */
  hold(kind: number, argument: number, life: number): number {
    return this.take(TIMER, kind, life, argument);
  }

  cancelTimer(timer: TimerId): void {
    const slot = timer % SLOTS;
    const word = slot * WORDS;
    if (!(slot < this.used) || this.words[word] !== TIMER) return;
    if (this.words[word + GENERATION] !== (timer - slot) / SLOTS) return;
    this.words[word] = CANCELLED;
  }

  /**
   * One copy of a message, to arrive after `delayUs`. `type` is its code; `id` is what
   * {@link argumentOf} tells of it, for who traces messages.
   */
  post(
    sender: Address,
    receiver: Address,
    message: Message,
    type: number,
    delayUs: number,
    counter: number,
    copy: number,
    id = 0,
  ): void {
    const slot = this.take(MESSAGE, type, 0, id);
    this.messages[slot] = message;
    this.messagesInFlight += 1;
    const order = counter * COPIES + copy;
    this.queue.push(this.now + delayUs, receiver + 1, sender + 1, order, slot, 0);
  }

  /** The message that is being handled comes again after `delayUs`, once. */
  postpone(sender: Address, receiver: Address, slot: number, delayUs: number): void {
    this.words[slot * WORDS + LIFE] = POSTPONED;
    const { order } = this.queue;
    this.queue.push(this.now + delayUs, receiver + 1, sender + 1, order, slot, 0);
  }

  isPostponed(slot: number): boolean {
    return this.words[slot * WORDS + LIFE] === POSTPONED;
  }

  /** MESSAGE, TIMER or WORLD; none of them for a timer that was cancelled while it was held. */
  classOf(slot: number): number {
    return this.words[slot * WORDS];
  }

  /** A message's type code, a timer's kind. */
  kindOf(slot: number): number {
    return this.words[slot * WORDS + KIND];
  }

  lifeOf(slot: number): number {
    return this.words[slot * WORDS + LIFE];
  }

  argumentOf(slot: number): number {
    const argument = this.doubles[slot * (WORDS / 2) + ARGUMENT];
    // As the small integer that it nearly always is: a double would make doubles of the fields of
    // messages that it comes to, and each message made before that would have to be made again.
    const whole = argument | 0;
    return whole === argument ? whole : argument;
  }

  messageOf(slot: number): Message {
    return this.messages[slot]!;
  }

  /** The event is over: its slot may be used again, and a timer's id no longer means it. */
  release(slot: number): void {
    const word = slot * WORDS;
    const { words } = this;
    if (words[word] === MESSAGE) {
      this.messages[slot] = null;
      this.messagesInFlight -= 1;
    }
    words[word] = CANCELLED;
    const generation = words[word + GENERATION] + 1;
    words[word + GENERATION] = generation;
    if (generation === GENERATIONS) return;
    words[word + NEXT] = this.free;
    this.free = slot;
  }

  private take(eventClass: number, kind: number, life: number, argument: number): number {
    let slot = this.free;
    if (slot >= 0) this.free = this.words[slot * WORDS + NEXT]!;
    else slot = this.grow();
    const word = slot * WORDS;
    const { words } = this;
    words[word] = eventClass;
    words[word + KIND] = kind;
    words[word + LIFE] = life;
    this.doubles[slot * (WORDS / 2) + ARGUMENT] = argument;
    return slot;
  }

  private grow(): number {
    const slot = this.used;
    if (slot === SLOTS) throw new RangeError(`more than ${SLOTS} pending events`);
    if (slot * WORDS === this.words.length) {
      const words = new Int32Array(this.words.length * 2);
      words.set(this.words);
      this.words = words;
      this.doubles = new Float64Array(words.buffer);
    }
    this.messages.push(null);
    this.used = slot + 1;
    return slot;
  }

  private nextWorldOrder(): number {
    this.worldCounter += 1;
    return this.worldCounter * COPIES;
  }
}
