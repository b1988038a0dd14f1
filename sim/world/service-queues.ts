import type { Address } from '../../core/process.js';

/** What the queues need of the world that they are part of. */
export interface ServiceUser {
  now(): number;
  /** Calls {@link ServiceQueues.served} back at that time. */
  wake(atUs: number, address: Address): void;
  /** Its turn has come. */
  serve(address: Address, sender: Address, slot: number): void;
  /** While a host stands still, nothing of its is served. */
  isServing(address: Address): boolean;
}

/** Events that wait, in their order. */
interface Waiting {
  readonly slots: number[];
  readonly senders: Address[];
  /** When each has been served. */
  readonly dueUs: number[];
  /** Those before it have been served already. */
  head: number;
  /** For which time the world was asked to wake this line. */
  wokenUs: number;
}

/** So many that have been served are kept before they are cut off. */
const KEPT = 1024;

/**
 * One server per host: a message is handled once its service time is over, and those before it have
 * been. All else (timers, notes) takes no time, but waits in the same line. A host without messages
 * costs nothing.
 */
export class ServiceQueues {
  private readonly user: ServiceUser;
  /** Per message, by address; as configured, and at present. */
  private readonly usualUs: Float64Array;
  private readonly timeUs: Float64Array;
  private readonly busyUntilUs: Float64Array;
  private readonly waiting = new Map<Address, Waiting>();

  /** @param timeOf - the service time of a message at each address, in whole microseconds */
  constructor(user: ServiceUser, hosts: number, timeOf: (address: Address) => number) {
    this.user = user;
    this.usualUs = Float64Array.from({ length: hosts }, (_, address) => timeOf(address));
    this.timeUs = this.usualUs.slice();
    this.busyUntilUs = new Float64Array(hosts);
  }

  /** From now on messages take so many times as long as configured, those in line too. */
  slow(address: Address, factor: number): void {
    const nowUs = this.user.now();
    const beforeUs = this.timeUs[address];
    const timeUs = Math.round(this.usualUs[address] * factor);
    this.timeUs[address] = timeUs;
    if (beforeUs === 0 || this.busyUntilUs[address] <= nowUs) return;
    const scaled = (dueUs: number): number =>
      dueUs <= nowUs ? dueUs : nowUs + Math.ceil(((dueUs - nowUs) * timeUs) / beforeUs);
    this.busyUntilUs[address] = scaled(this.busyUntilUs[address]);
    const waiting = this.waiting.get(address);
    if (waiting === undefined) return;
    for (let index = waiting.head; index < waiting.dueUs.length; index += 1) {
      waiting.dueUs[index] = scaled(waiting.dueUs[index]);
    }
    this.wakeFor(waiting, waiting.dueUs[waiting.head], address);
  }

  /** Whether something is being served, so that whatever arrives has to wait. */
  isBusy(address: Address): boolean {
    return this.waiting.has(address);
  }

  arrive(address: Address, sender: Address, slot: number, isMessage: boolean): void {
    const nowUs = this.user.now();
    const takesUs = isMessage ? this.timeUs[address] : 0;
    const waiting = this.waiting.get(address);
    if (waiting === undefined && takesUs === 0) return this.user.serve(address, sender, slot);
    const dueUs = Math.max(nowUs, this.busyUntilUs[address]) + takesUs;
    this.busyUntilUs[address] = dueUs;
    if (waiting !== undefined) {
      waiting.slots.push(slot);
      waiting.senders.push(sender);
      waiting.dueUs.push(dueUs);
      return;
    }
    const line = { slots: [slot], senders: [sender], dueUs: [dueUs], head: 0, wokenUs: dueUs };
    this.waiting.set(address, line);
    this.user.wake(dueUs, address);
  }

  /** Serves all that is due by now. */
  served(address: Address): void {
    const nowUs = this.user.now();
    for (;;) {
      const waiting = this.waiting.get(address);
      if (waiting === undefined || !this.user.isServing(address)) return;
      const dueUs = waiting.dueUs[waiting.head];
      if (dueUs > nowUs) return this.wakeFor(waiting, dueUs, address);
      const slot = waiting.slots[waiting.head];
      const sender = waiting.senders[waiting.head];
      waiting.head += 1;
      if (waiting.head === waiting.slots.length) this.waiting.delete(address);
      else if (waiting.head === KEPT) cutOff(waiting);
      this.user.serve(address, sender, slot);
    }
  }

  private wakeFor(waiting: Waiting, dueUs: number, address: Address): void {
    // A call for a line that is gone must not begin a second round of calls for this one.
    if (waiting.wokenUs === dueUs) return;
    waiting.wokenUs = dueUs;
    this.user.wake(dueUs, address);
  }

  /** The host goes down, or on after it stood still: hands out all that waits, in its order. */
  takeAll(address: Address, take: (sender: Address, slot: number) => void): void {
    this.busyUntilUs[address] = this.user.now();
    const waiting = this.waiting.get(address);
    if (waiting === undefined) return;
    this.waiting.delete(address);
    for (let index = waiting.head; index < waiting.slots.length; index += 1) {
      take(waiting.senders[index], waiting.slots[index]);
    }
  }
}

function cutOff(waiting: Waiting): void {
  for (const column of [waiting.slots, waiting.senders, waiting.dueUs]) {
    column.splice(0, waiting.head);
  }
  waiting.head = 0;
}
