import { setTimeout as delay } from 'node:timers/promises';
import t from 'tap';
import { plainWire } from '../../core/codec.js';
import type { BuiltInMessage } from '../../core/messages.js';
import { SocketTransport } from '../../live/node/socket-transport.js';

const message: BuiltInMessage = { type: 'agent-probe', entries: [], ballot: null };

async function two(t: { teardown(end: () => void): void }) {
  const transports = [0, 1].map((self) => new SocketTransport({
    self, life: 1, processOf: (address) => address, secret: 'a secret', wire: plainWire,
  }));
  t.teardown(() => transports.forEach((transport) => transport.close()));
  const ports = await Promise.all(transports.map((transport) => transport.listen()));
  return { transports, peers: ports.map((port) => ({ port, life: 1 })) };
}

const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);

for (const self of [0, 1]) {
  const role = self === 0 ? 'waits for the other to dial' : 'dials';
  t.test(`what a process that ${role} says at once arrives`, async (t) => {
    const { transports, peers } = await two(t);
    const received = new Promise<void>((resolve) => {
      transports[1 - self].open(1 - self, () => resolve());
    });
    const port = transports[self].open(self, () => {});
    // Whoever starts later knows its peers before they know of it.
    transports[self].setPeers(peers);
    port.send(1 - self, message);
    await delay(20);
    transports[1 - self].setPeers(peers);
    await received;
    for (const { traffic: { dropped } } of transports) {
      t.equal(Object.values(dropped).reduce((all, one) => all + sum(one), 0), 0);
    }
  });
}

t.test('nothing waits for a life that is over, nor for one who is down', async (t) => {
  const { transports: [first, second], peers } = await two(t);
  const heard: unknown[] = [];
  second.open(1, (_from, one) => void heard.push(one));
  const port = first.open(0, () => {});
  first.setPeers(peers);
  port.send(1, message);
  first.setPeers([peers[0], { port: 0, life: 1 }]);
  port.send(1, message);
  t.equal(sum(first.traffic.dropped['receiver-down']), 1, 'the second one');
  first.setPeers(peers);
  second.setPeers(peers);
  await delay(50);
  t.strictSame(heard, []);
  port.send(1, message);
  while (heard.length === 0) await delay(5);
});
