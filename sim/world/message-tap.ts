/** Tells of every message when it is sent and when a process receives it, for a trace. */
import type { Message } from '../../core/messages.js';
import type {
  Address, AgentProcess, Environment, Process, Random, Resources, Store, TimerId,
} from '../../core/process.js';
import type { Observation } from '../../core/observations.js';
import type { MessageSink } from '../../experiment/world.js';
import type { QueueListener } from '../engine/listened-queue.js';
import { type EventLoop, MESSAGE } from '../engine/loop.js';
import type { EventQueue } from '../engine/queue.js';
import type { ProcessFactory } from './world.js';

/** One copy of a message on its way. */
interface Copy {
  readonly id: number;
  readonly message: Message;
}

/**
 * Listens at three places: where processes send, so that what is lost at once is told too; at the
 * queue, where each copy has a key of its own; and where processes receive. The run is the same as
 * without.
 */
export class MessageTap implements QueueListener {
  /** Of the world that is listened to. To be set before the first event. */
  loop: EventLoop | null = null;
  private readonly sink: MessageSink;
  private sent = 0;
  /** The message that is being sent; -1: none. */
  private sending = -1;
  private readonly ids = new Map<string, number>();
  /** Copies that came to a process which has not received them: it is paused, or down for good. */
  private readonly arrived = new Map<Address, Copy[]>();

  constructor(sink: MessageSink) {
    this.sink = sink;
  }

  pushed(receiver: number, sender: number, order: number): void {
    if (this.sending >= 0) this.ids.set(`${receiver} ${sender} ${order}`, this.sending);
  }

  popped({ receiver, sender, order, slot }: EventQueue): void {
    const loop = this.loop!;
    if (slot < 0 || loop.classOf(slot) !== MESSAGE) return;
    const key = `${receiver} ${sender} ${order}`;
    const id = this.ids.get(key);
    if (id === undefined) return;
    this.ids.delete(key);
    const address = receiver - 1;
    const copies = this.arrived.get(address);
    const copy = { id, message: loop.messageOf(slot) };
    if (copies === undefined) this.arrived.set(address, [copy]);
    else copies.push(copy);
  }

  /** The processes, listened to. */
  around(factory: ProcessFactory): ProcessFactory {
    const views = new Map<Environment, Environment>();
    const viewOf = (environment: Environment): Environment => {
      // A new life knows nothing of what came to an earlier one.
      this.arrived.delete(environment.address);
      const view = views.get(environment) ?? new TappedEnvironment(environment, this);
      views.set(environment, view);
      return view;
    };
    return {
      manager: (environment, generation) =>
        this.listenTo(factory.manager(viewOf(environment), generation), environment.address),
      agent: (environment, resources: Resources) =>
        this.listenTo(factory.agent(viewOf(environment), resources), environment.address),
    };
  }

  send(environment: Environment, to: Address, message: Message): void {
    const id = this.sent;
    this.sent += 1;
    this.sink.sent(this.loop!.now, environment.address, to, message, id);
    this.sending = id;
    try {
      environment.send(to, message);
    } finally {
      this.sending = -1;
    }
  }

  private listenTo<Listened extends Process | AgentProcess>(
    process: Listened, address: Address,
  ): Listened {
    const receive = process.receive.bind(process);
    const heard = (from: Address, message: Message): void => {
      this.received(from, address, message);
      receive(from, message);
    };
    // One may stand for several hosts: what is changed is a view of it.
    return new Proxy(process, {
      get: (target, name) => {
        if (name === 'receive') return heard;
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  }

  private received(from: Address, address: Address, message: Message): void {
    const copies = this.arrived.get(address) ?? [];
    // What was dropped stays in the list until the process starts anew.
    const index = copies.findIndex((copy) => copy.message === message);
    if (index < 0) return;
    const [{ id }] = copies.splice(index, 1);
    this.sink.received(this.loop!.now, from, address, message, id);
  }
}

class TappedEnvironment implements Environment {
  private readonly inner: Environment;
  private readonly tap: MessageTap;

  constructor(inner: Environment, tap: MessageTap) {
    this.inner = inner;
    this.tap = tap;
  }

  get address(): Address {
    return this.inner.address;
  }

  get random(): Random {
    return this.inner.random;
  }

  get store(): Store {
    return this.inner.store;
  }

  now(): number {
    return this.inner.now();
  }

  send(to: Address, message: Message): void {
    this.tap.send(this.inner, to, message);
  }

  setTimer(delay: number, kind: number, argument: number): TimerId {
    return this.inner.setTimer(delay, kind, argument);
  }

  after(delay: number, kind: number, argument: number): void {
    this.inner.after(delay, kind, argument);
  }

  cancelTimer(timer: TimerId): void {
    this.inner.cancelTimer(timer);
  }

  observe(observation: Observation): void {
    this.inner.observe(observation);
  }

  exit(): void {
    this.inner.exit();
  }
}
