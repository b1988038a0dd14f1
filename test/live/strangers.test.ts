import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import t from 'tap';
import { encode, plainWire } from '../../core/codec.js';
import type { BuiltInMessage } from '../../core/messages.js';
import { wireVersion } from '../../core/wire/wire.js';
import { frame } from '../../live/node/frames.js';
import { greetingOf } from '../../live/node/greeting.js';
import { SocketTransport } from '../../live/node/socket-transport.js';
import { hasProc } from './fixture.js';
import { strangers, visit } from './strangers.js';

t.jobs = 1;

const secret = 'a secret';
const message: BuiltInMessage = { type: 'agent-probe', entries: [], ballot: null };

/** Two OS processes' worth of transports, of four. The first takes calls. */
async function pair() {
  const [first, second] = [0, 1].map((self) =>
    new SocketTransport({
      self, life: 1, processOf: (address) => address % 4, secret, wire: plainWire,
    }));
  const ports = [await first.listen(), await second.listen()];
  const peers = ports.map((port) => ({ port, life: 1 }));
  for (const transport of [first, second]) transport.setPeers(peers);
  await delay(50);
  const close = (): void => {
    first.close();
    second.close();
  };
  return { first, second, port: ports[0], close };
}

const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);

t.test('strangers are sent away, and those who belong here take no notice', async (t) => {
  const { first, second, port, close } = await pair();
  t.teardown(close);
  const descriptors = (): number => (hasProc ? readdirSync('/proc/self/fd').length : 0);
  let received = 0;
  first.open(0, () => void (received += 1));
  const own = second.open(1, () => {});
  let sent = 0;
  const say = (): void => {
    own.send(0, message);
    sent += 1;
  };
  // What is heard has shown that the two are connected, at both ends.
  say();
  while (received < sent) await delay(5);
  const before = descriptors();
  const talk = setInterval(say, 5);
  await Promise.all(Object.values(strangers).map((act) => visit(port, act, 150)));
  clearInterval(talk);
  await delay(50);
  t.equal(descriptors(), before, 'all are gone');
  t.ok(sent > 50 && received === sent, `${received} of ${sent}`);
  const { traffic } = first;
  t.equal(sum(traffic.delivered), sent, 'nobody else is counted');
  for (const [cause, dropped] of Object.entries(traffic.dropped)) t.equal(sum(dropped), 0, cause);
});

t.test('at most 64 are about to greet, and none for longer than 2 s', async (t) => {
  const { port, close } = await pair();
  t.teardown(close);
  const beganMs = Date.now();
  const sockets = Array.from({ length: 100 }, () => connect({ host: '127.0.0.1', port }));
  for (const socket of sockets) socket.on('error', () => {});
  const open = (): number => sockets.filter(({ destroyed }) => !destroyed).length;
  for (const socket of sockets) socket.on('data', () => {});
  while (open() > 64) await delay(5);
  t.ok(Date.now() - beganMs < 1500, 'at once');
  t.equal(open(), 64);
  while (open() > 0) await delay(20);
  const tookMs = Date.now() - beganMs;
  t.ok(tookMs >= 1900 && tookMs < 4000, `${tookMs} ms`);
});

t.test('who has greeted speaks for its own, to those who are here', async (t) => {
  const { first, port, close } = await pair();
  t.teardown(close);
  let received = 0;
  first.open(0, () => void (received += 1));
  const bytes = encode(message);
  /** Whether it was cut off. */
  const says = async (greeting: Buffer, ...frames: Buffer[]): Promise<boolean> => {
    const socket = connect({ host: '127.0.0.1', port });
    t.teardown(() => socket.destroy());
    let over = false;
    socket.on('close', () => void (over = true));
    socket.on('error', () => {});
    socket.on('data', () => {});
    socket.write(Buffer.concat([frame(-1, -1, greeting), ...frames]));
    await delay(100);
    return over;
  };
  const third = { number: 3, life: 1 };
  const greeting = greetingOf(third, secret);
  t.notOk(await says(greeting, frame(3, 0, bytes), frame(7, 0, bytes)));
  t.equal(received, 2);
  t.ok(await says(greeting, frame(2, 0, bytes)), 'of another process');
  t.ok(await says(greeting, frame(3, 1, bytes)), 'not here');
  t.ok(await says(greetingOf(third, 'no secret'), frame(3, 0, bytes)));
  t.ok(await says(greetingOf({ number: 0, life: 1 }, secret), frame(3, 0, bytes)), 'ourselves');
  const later = Buffer.from(String(greeting).replace(/^\d+/, String(wireVersion + 1)));
  t.ok(await says(later, frame(3, 0, bytes)), 'whose messages are others');
  t.ok(await says(Buffer.from(`3 ${secret}`), frame(3, 0, bytes)), 'without a life');
  t.ok(await says(Buffer.concat([greeting, Buffer.alloc(50, 32)])), 'too long');
  t.equal(received, 2);
});
