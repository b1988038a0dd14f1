import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Address } from '../../core/process.js';
import type { Port, Receiver, Transport } from '../../core/transport.js';
import { frame, FrameReader } from './frames.js';
import { MemoryTransport } from './memory-transport.js';
import type { LossCause, Traffic } from './traffic.js';

const LOOPBACK = '127.0.0.1';
/** A lost connection is tried again after this. */
const REDIAL_MS = 50;
/** What may wait for one peer before more is dropped: some large snapshots. */
const BACKLOG_BYTES = 16 * 1024 * 1024;
/** A greeting's sender and receiver: no process has such an address. */
const GREETING = -1;

export interface SocketTransportOptions {
  /** The number of this OS process. */
  readonly self: number;
  /** Which OS process hosts an address. */
  readonly processOf: (address: Address) => number;
  /** Greets peers; others that happen to find the port are turned away. */
  readonly secret: string;
}

/**
 * Between addresses of several OS processes, over TCP on the loopback: one connection for each
 * pair, dialed by the one of the higher number, and dialed again as long as the peer has a port.
 * What is sent while it is down, or while its backlog is full, is dropped.
 */
export class SocketTransport implements Transport {
  private readonly options: SocketTransportOptions;
  private readonly local: MemoryTransport;
  private readonly server: Server;
  /** By number of the peer: greeted connections, or our own that are being made. */
  private readonly connections = new Map<number, Socket>();
  /** Accepted, not greeted yet. */
  private readonly strangers = new Set<Socket>();
  private readonly redials = new Map<number, NodeJS.Timeout>();
  private ports: readonly number[] = [];
  private closed = false;

  constructor(options: SocketTransportOptions) {
    this.options = options;
    this.local = new MemoryTransport((from, to, bytes) => this.forward(from, to, bytes));
    this.server = createServer({ noDelay: true }, (socket) => this.accept(socket));
  }

  get counters(): Traffic {
    return this.local.counters;
  }

  open(address: Address, receive: Receiver): Port {
    return this.local.open(address, receive);
  }

  /** Listens on a port that the system chooses, and returns it. */
  listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(0, LOOPBACK, () => {
        this.server.off('error', reject);
        // Out of file handles, say: who could not connect dials again.
        this.server.on('error', () => {});
        resolve((this.server.address() as AddressInfo).port);
      });
    });
  }

  /** Where each OS process listens, by its number; 0: nowhere at present. */
  setPorts(ports: readonly number[]): void {
    const before = this.ports;
    this.ports = ports;
    for (let peer = 0; peer < this.options.self; peer += 1) {
      if (ports[peer] === before[peer]) continue;
      this.connections.get(peer)?.destroy();
      this.connections.delete(peer);
      this.dial(peer);
    }
  }

  close(): void {
    this.closed = true;
    this.server.close();
    for (const timer of this.redials.values()) clearTimeout(timer);
    for (const socket of [...this.connections.values(), ...this.strangers]) socket.destroy();
  }

  private forward(from: Address, to: Address, bytes: Uint8Array): LossCause | null {
    const socket = this.connections.get(this.options.processOf(to));
    if (socket === undefined || socket.destroyed) return 'receiver-down';
    if (socket.writableLength > BACKLOG_BYTES) return 'queue-full';
    if (socket.writableCorked === 0) {
      // What one turn of the event loop sends goes out together.
      socket.cork();
      process.nextTick(() => socket.uncork());
    }
    socket.write(frame(from, to, bytes));
    return null;
  }

  private dial(peer: number): void {
    clearTimeout(this.redials.get(peer));
    this.redials.delete(peer);
    const port = this.ports[peer];
    if (this.closed || !port) return;
    const socket = connect({ host: LOOPBACK, port, noDelay: true });
    this.connections.set(peer, socket);
    socket.write(frame(GREETING, GREETING, this.greeting(this.options.self)));
    this.read(socket, (from, to, bytes) => this.local.deliver(from, to, bytes));
    socket.on('close', () => {
      if (this.connections.get(peer) !== socket) return;
      this.connections.delete(peer);
      if (!this.closed) this.redials.set(peer, setTimeout(() => this.dial(peer), REDIAL_MS));
    });
  }

  private accept(socket: Socket): void {
    let peer = -1;
    this.strangers.add(socket);
    this.read(socket, (from, to, bytes) => {
      if (peer >= 0) return this.local.deliver(from, to, bytes);
      peer = this.greeted(bytes);
      if (peer < 0) return void socket.destroy();
      this.strangers.delete(socket);
      // A peer that was restarted, or that lost the old connection before we did.
      this.connections.get(peer)?.destroy();
      this.connections.set(peer, socket);
    });
    socket.on('close', () => {
      this.strangers.delete(socket);
      if (this.connections.get(peer) === socket) this.connections.delete(peer);
    });
  }

  private read(
    socket: Socket,
    onFrame: (from: Address, to: Address, bytes: Uint8Array) => void,
  ): void {
    const reader = new FrameReader();
    socket.on('data', (chunk) => {
      if (!reader.push(chunk, onFrame)) socket.destroy();
    });
    // 'close' follows, and says all there is to say.
    socket.on('error', () => {});
  }

  private greeting(from: number): Buffer {
    return Buffer.from(`${from} ${this.options.secret}`);
  }

  /** The number of the peer that sent this greeting; -1 if it is none of ours. */
  private greeted(bytes: Uint8Array): number {
    const text = Buffer.from(bytes).toString();
    const peer = Number.parseInt(text, 10);
    return this.greeting(peer).toString() === text && peer > this.options.self ? peer : -1;
  }
}
