import type { Message } from '../../core/wire/record.js';
import type { Observation } from '../../core/observations.js';
import type { Address, Environment, Process, Random } from '../../core/process.js';
import type { Receiver } from '../../core/transport.js';
import type { Clock } from './clock.js';
import { LiveEnvironment } from './environment.js';
import type { LagMeter } from './lag.js';
import type { PausingPort } from './memory-transport.js';
import { FileStore } from './store.js';
import { TimerQueue } from './timers.js';

/** What an OS process has for the nodes in it. */
export interface Seat {
  readonly clock: Clock;
  readonly transport: { open(address: Address, receive: Receiver): PausingPort };
  readonly lag: LagMeter;
  observe(timeUs: number, process: Address, observation: Observation): void;
  /** A message was handled, or a timer. */
  worked(): void;
  /** The node has nothing left to do. */
  exit(process: Address): void;
  /** The node's code threw, or its store failed: it is gone. */
  failed(process: Address, during: string, error: unknown): void;
}

/** What is one node's own. */
export interface NodeOptions {
  readonly address: Address;
  /** Where it keeps its store. */
  readonly path: string;
  readonly random: Random;
  create(environment: Environment): Process;
}

/** One life of a node in an OS process that it may share: of its end nobody else takes notice. */
export class LiveNode {
  private readonly address: Address;
  private readonly seat: Seat;
  private readonly timers: TimerQueue;
  private port: PausingPort | null = null;
  private process: Process | null = null;
  /** While it is paused: what it was told. */
  private held: (() => void)[] | null = null;
  private resumedUs = 0;
  /** When what it handles came. */
  private nowUs = 0;
  private stopped = false;
  private gone = false;

  constructor(options: NodeOptions, seat: Seat) {
    const { address } = options;
    this.address = address;
    this.seat = seat;
    this.timers = new TimerQueue(
      seat.clock,
      (_owner, kind, argument) => this.onTimer(kind, argument),
      (dueUs, firedUs) => {
        // It was not the machine that kept those of a pause waiting.
        if (dueUs >= this.resumedUs) seat.lag.timer(dueUs, firedUs);
      },
    );
    this.guard('start', () => {
      this.process = this.create(options);
      this.process.start();
    });
  }

  /** Does something with the process, once it is not paused; nothing when it is gone. */
  call(during: string, body: (process: Process) => void): void {
    if (this.gone || this.stopped) return;
    if (this.held !== null) this.held.push(() => this.call(during, body));
    else this.guard(during, () => body(this.process!));
  }

  pause(): void {
    this.held ??= [];
    this.port?.hold();
    this.timers.pause();
  }

  resume(): void {
    const { held } = this;
    if (held === null) return;
    this.held = null;
    this.resumedUs = this.seat.clock.now();
    // What has arrived comes before what is due.
    this.port?.release();
    for (const work of held) work();
    this.timers.resume();
  }

  /** It does nothing any more after the present call; what is on its way to it still arrives. */
  stop(): void {
    this.timers.stop();
    this.stopped = true;
  }

  /** Its timers, its place on the network, and what its store has not synced are no more. */
  crash(): void {
    this.gone = true;
    this.timers.stop();
    this.port?.close();
  }

  private create(options: NodeOptions): Process {
    const { address, path, random } = options;
    const { seat, timers } = this;
    const { clock, transport } = seat;
    const store = new FileStore(path);
    const port = transport.open(address, (from, message) => this.onMessage(from, message));
    this.port = port;
    return options.create(new LiveEnvironment(address, {
      port, random, store, timers,
      now: () => this.nowUs,
      observe: (observation) => {
        if (!this.gone) seat.observe(clock.now(), address, observation);
      },
      exit: () => {
        this.stop();
        seat.exit(address);
      },
    }));
  }

  private onTimer(kind: number, argument: number): void {
    this.call(`onTimer(${kind}, ${argument})`, (process) => {
      this.seat.worked();
      process.onTimer(kind, argument);
    });
  }

  private onMessage(from: Address, message: Message): void {
    this.call(`receive ${message.type}`, (process) => {
      this.seat.worked();
      process.receive(from, message);
    });
  }

  private guard(during: string, body: () => void): void {
    this.nowUs = this.seat.clock.now();
    try {
      body();
    } catch (error) {
      this.crash();
      this.seat.failed(this.address, during, error);
    }
  }
}
