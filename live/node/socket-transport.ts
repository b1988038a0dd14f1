import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Wire } from '../../core/codec.js';
import type { Address } from '../../core/process.js';
import type { Receiver, Transport } from '../../core/transport.js';
import { frame, FrameReader } from './frames.js';
import { greeted, GREETING_BYTES, greetingOf } from './greeting.js';
import {
  BACKLOG_BYTES, MemoryTransport, type Forward, type PausingPort,
} from './memory-transport.js';
import type { LinkTallies, LossCause, Traffic } from './traffic.js';

const LOOPBACK = '127.0.0.1';
/** A lost connection is tried again after this. */
const REDIAL_MS = 50;
/** A greeting's sender and receiver: no process has such an address. */
const GREETING = -1;
/** Who connects has so long to greet. */
const GREET_MS = 2000;
/** So many may be about to greet; for one more, the first of them has to go. */
const MOST_STRANGERS = 64;

export interface SocketTransportOptions {
  /** The number of this OS process. */
  readonly self: number;
  /** Which of its lives this is, from 1. */
  readonly life: number;
  /** Which OS process hosts an address. */
  readonly processOf: (address: Address) => number;
  /** Greets peers; others that happen to find the port are turned away. */
  readonly secret: string;
  /** What the nodes speak. */
  readonly wire: Wire;
}

/** Where an OS process listens, in which of its lives. Port 0: nowhere. */
export interface PeerPlace {
  readonly port: number;
  readonly life: number;
}

interface Connection {
  readonly socket: Socket;
  readonly link: LinkTallies;
}

/**
 * Between addresses of several OS processes, over TCP on the loopback: one connection for each
 * pair, dialed by the one of the higher number, and dialed again as long as the peer has a port.
 * What is sent before it is made waits on either side. What is sent to a peer that has no port, or
 * while the backlog is full, is dropped.
 */
export class SocketTransport implements Transport {
  private readonly options: SocketTransportOptions;
  private readonly local: MemoryTransport;
  private readonly server: Server;
  /** By number of the peer: greeted connections, or our own that are being made. */
  private readonly connections = new Map<number, Connection>();
  /** By number of a peer that is yet to dial us: frames for the life that it is in. */
  private readonly waiting = new Map<number, { bytes: number; readonly frames: Uint8Array[] }>();
  /** Accepted, not greeted yet, the first first; with the end of their time. */
  private readonly strangers = new Map<Socket, NodeJS.Timeout>();
  private readonly redials = new Map<number, NodeJS.Timeout>();
  private peers: readonly PeerPlace[] = [];
  private closed = false;

  constructor(options: SocketTransportOptions) {
    this.options = options;
    const forward: Forward = (from, to, bytes) => this.forward(from, to, bytes);
    this.local = new MemoryTransport(forward, options.wire);
    this.server = createServer({ noDelay: true }, (socket) => this.accept(socket));
  }

  get traffic(): Traffic {
    return this.local.traffic;
  }

  open(address: Address, receive: Receiver): PausingPort {
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

  /** Where each OS process listens, by its number. */
  setPeers(peers: readonly PeerPlace[]): void {
    const before = this.peers;
    this.peers = peers;
    for (const peer of this.waiting.keys()) {
      if (peers[peer].life !== before[peer].life || peers[peer].port === 0) {
        this.waiting.delete(peer);
      }
    }
    for (let peer = 0; peer < this.options.self; peer += 1) {
      if (peers[peer].port === before[peer]?.port) continue;
      this.connections.get(peer)?.socket.destroy();
      this.connections.delete(peer);
      this.dial(peer);
    }
  }

  close(): void {
    this.closed = true;
    this.server.close();
    for (const timer of this.redials.values()) clearTimeout(timer);
    for (const { socket } of this.connections.values()) socket.destroy();
    for (const socket of this.strangers.keys()) this.turnAway(socket);
  }

  private forward(from: Address, to: Address, bytes: Uint8Array): LossCause | null {
    const peer = this.options.processOf(to);
    const connection = this.connections.get(peer);
    if (connection === undefined || connection.socket.destroyed) {
      return this.keep(peer, from, to, bytes);
    }
    const { socket, link } = connection;
    if (socket.writableLength > BACKLOG_BYTES) return 'queue-full';
    if (socket.writableCorked === 0) {
      // What one turn of the event loop sends goes out together.
      socket.cork();
      process.nextTick(() => socket.uncork());
    }
    link.out.add(this.local.wire.placeOf(bytes), bytes);
    socket.write(frame(from, to, bytes));
    return null;
  }

  /** For a peer that is to dial us, as the socket keeps what is sent to one that we dial. */
  private keep(peer: number, from: Address, to: Address, bytes: Uint8Array): LossCause | null {
    const { port, life } = this.peers[peer] ?? { port: 0, life: 0 };
    if (port === 0 || peer <= this.options.self) return 'receiver-down';
    const kept = this.waiting.get(peer) ?? { bytes: 0, frames: [] };
    if (kept.bytes > BACKLOG_BYTES) return 'queue-full';
    this.waiting.set(peer, kept);
    kept.bytes += bytes.length;
    kept.frames.push(frame(from, to, bytes));
    this.traffic.link(peer, life).out.add(this.local.wire.placeOf(bytes), bytes);
    return null;
  }

  private dial(peer: number): void {
    clearTimeout(this.redials.get(peer));
    this.redials.delete(peer);
    const { port, life } = this.peers[peer];
    if (this.closed || port === 0) return;
    const socket = connect({ host: LOOPBACK, port, noDelay: true });
    const connection = { socket, link: this.traffic.link(peer, life) };
    this.connections.set(peer, connection);
    const { self: number, life: own, secret } = this.options;
    socket.write(frame(GREETING, GREETING, greetingOf({ number, life: own }, secret)));
    this.read(socket, new FrameReader(), (from, to, bytes) =>
      this.take(connection, from, to, bytes));
    socket.on('close', () => {
      if (this.connections.get(peer) !== connection) return;
      this.connections.delete(peer);
      if (!this.closed) this.redials.set(peer, setTimeout(() => this.dial(peer), REDIAL_MS));
    });
  }

  private accept(socket: Socket): void {
    if (this.strangers.size >= MOST_STRANGERS) {
      const [first] = this.strangers.keys();
      this.turnAway(first);
    }
    this.strangers.set(socket, setTimeout(() => this.turnAway(socket), GREET_MS));
    const reader = new FrameReader(GREETING_BYTES);
    let connection: Connection | null = null;
    this.read(socket, reader, (from, to, bytes) => {
      if (connection !== null) return this.take(connection, from, to, bytes);
      connection = this.welcome(socket, bytes);
      reader.trust();
      return connection !== null;
    });
    socket.on('close', () => {
      this.forget(socket);
      const peer = connection?.link.peer ?? -1;
      if (this.connections.get(peer) === connection) this.connections.delete(peer);
    });
  }

  /** Null: it is not one who dials us. */
  private welcome(socket: Socket, greeting: Uint8Array): Connection | null {
    const peer = greeted(greeting, this.options.secret);
    if (peer === null || peer.number <= this.options.self) return null;
    this.forget(socket);
    const connection = { socket, link: this.traffic.link(peer.number, peer.life) };
    // A peer that was restarted, or that lost the old connection before we did.
    this.connections.get(peer.number)?.socket.destroy();
    this.connections.set(peer.number, connection);
    const kept = this.waiting.get(peer.number);
    this.waiting.delete(peer.number);
    if (this.peers[peer.number]?.life === peer.life) {
      for (const one of kept?.frames ?? []) socket.write(one);
    }
    return connection;
  }

  /** Nobody speaks for nodes that it does not host, or to those that are not here. */
  private take({ link }: Connection, from: Address, to: Address, bytes: Uint8Array): boolean {
    const { processOf, self } = this.options;
    if (processOf(from) !== link.peer || processOf(to) !== self) return false;
    link.in.add(this.local.wire.placeOf(bytes), bytes);
    this.local.deliver(from, to, bytes);
    return true;
  }

  private turnAway(socket: Socket): void {
    this.forget(socket);
    socket.destroy();
  }

  private forget(socket: Socket): void {
    clearTimeout(this.strangers.get(socket));
    this.strangers.delete(socket);
  }

  private read(
    socket: Socket,
    reader: FrameReader,
    onFrame: (from: Address, to: Address, bytes: Uint8Array) => boolean,
  ): void {
    socket.on('data', (chunk) => {
      if (!reader.push(chunk, onFrame)) socket.destroy();
    });
    // 'close' follows, and says all there is to say.
    socket.on('error', () => {});
  }
}
