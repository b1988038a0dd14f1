import { setTimeout as delay } from 'node:timers/promises';
import t from 'tap';
import { plainWire } from '../../core/codec.js';
import type { BuiltInMessage } from '../../core/messages.js';
import type { Address } from '../../core/process.js';
import type { Receiver, Transport } from '../../core/transport.js';
import { MemoryTransport } from '../../live/node/memory-transport.js';
import { SocketTransport } from '../../live/node/socket-transport.js';
import { EventLoop, type EventHandler } from '../../sim/engine/loop.js';
import { WheelQueue } from '../../sim/engine/wheel-queue.js';
import { Network } from '../../sim/network/network.js';
import { transportConformance, type TransportWorld } from './transport.js';

const ADDRESSES = 6;

async function inMemory(): Promise<TransportWorld> {
  const transport = new MemoryTransport();
  return {
    addresses: ADDRESSES,
    transportOf: () => transport,
    advance: () => delay(1),
    stop: async () => {},
  };
}

/** Three OS processes' worth of transports, two addresses each. */
async function onSockets(): Promise<TransportWorld> {
  const processOf = (address: Address): number => address % 3;
  const transports = [0, 1, 2].map(
    (self) => new SocketTransport({
      self, life: 1, processOf, secret: 'a secret', wire: plainWire,
    }),
  );
  const ports = await Promise.all(transports.map((transport) => transport.listen()));
  for (const transport of transports) transport.setPeers(ports.map((port) => ({ port, life: 1 })));
  return {
    addresses: ADDRESSES,
    transportOf: (address) => transports[processOf(address)],
    advance: () => delay(5),
    stop: async () => {
      for (const transport of transports) transport.close();
    },
  };
}

/** The simulator's network, with a fifth of the messages lost and latency that reorders. */
class SimulatedTransport implements Transport, EventHandler {
  readonly loop = new EventLoop(new WheelQueue(), this);
  private readonly network: Network;
  private readonly receivers = new Map<Address, Receiver>();
  private counter = 0;

  constructor() {
    const latency = { kind: 'same', delay: { kind: 'uniform', low: 0.001, high: 0.1 } } as const;
    const zoneOf = new Uint16Array(ADDRESSES);
    const places = { zoneOf, zones: ['zone-1'] };
    this.network = new Network(this.loop, { latency, loss: 0.2, impairments: [] }, places, 7);
  }

  open(address: Address, receive: Receiver) {
    if (this.receivers.has(address)) throw new RangeError(`address ${address} is open already`);
    this.receivers.set(address, receive);
    let open = true;
    return {
      send: (to: Address, message: BuiltInMessage) => {
        if (open) this.network.send(address, to, message, this.counter++);
      },
      close: () => {
        if (open) this.receivers.delete(address);
        open = false;
      },
    };
  }

  onWorldEvent(): void {}

  onSlotlessTimer(): void {}

  onProcessEvent(address: Address, sender: Address, slot: number): void {
    const message = this.loop.messageOf(slot);
    this.loop.release(slot);
    this.receivers.get(address)?.(sender, message);
  }
}

async function simulated(): Promise<TransportWorld> {
  const transport = new SimulatedTransport();
  return {
    addresses: ADDRESSES,
    transportOf: () => transport,
    advance: async () => void transport.loop.run(transport.loop.now + 200_000, Infinity),
    stop: async () => {},
  };
}

t.test('in memory', (t) => transportConformance(t, inMemory));
t.test('on sockets', (t) => transportConformance(t, onSockets));
t.test('simulated', (t) => transportConformance(t, simulated));
