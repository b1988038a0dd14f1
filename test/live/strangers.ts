/** Who connects to a port that is not theirs. */
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { frame } from '../../live/node/frames.js';

/** What each kind of stranger does, once connected. */
export const strangers: Readonly<Record<string, (socket: Socket) => void>> = {
  'random bytes': (socket) => {
    const [high, low] = randomBytes(2);
    socket.write(randomBytes(1 + high * 16 + (low % 16)));
  },
  oversized: (socket) => {
    const header = Buffer.alloc(12);
    header.writeUInt32LE(60 * 1024 * 1024, 0);
    socket.write(header);
    socket.write(Buffer.alloc(4096));
  },
  truncated: (socket) => {
    socket.end(frame(-1, -1, Buffer.from('3 1 no such secret')).subarray(0, 20));
  },
  silent: () => {},
  dripping: (socket) => {
    const greeting = frame(-1, -1, Buffer.alloc(40, 120));
    let at = 0;
    const drip = setInterval(() => void socket.write(greeting.subarray(at, (at += 1))), 100);
    socket.on('close', () => clearInterval(drip));
  },
};

/** So many may wait to be sent away at a time. */
const AT_ONCE = 200;

/**
 * As many of a kind as that, one after the other as they are sent away, or go. Resolves when all
 * are gone.
 */
export async function visit(
  port: number, act: (socket: Socket) => void, times: number,
): Promise<void> {
  let open = 0;
  for (let time = 0; time < times; time += 1) {
    while (open >= AT_ONCE) await delay(1);
    open += 1;
    const socket = connect({ host: '127.0.0.1', port });
    socket.on('connect', () => act(socket));
    socket.on('error', () => {});
    socket.on('data', () => {});
    socket.on('close', () => {
      open -= 1;
    });
    if (time % 50 === 0) await delay(0);
  }
  while (open > 0) await delay(5);
}
