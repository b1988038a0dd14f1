import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import t from 'tap';
import { messageTypes } from '../../core/messages.js';
import { Clock } from '../../live/node/clock.js';
import { frame, FrameReader } from '../../live/node/frames.js';
import { TimeMerge } from '../../live/supervisor/merge.js';
import { FileStore } from '../../live/node/store.js';
import { Traffic } from '../../live/node/traffic.js';
import { Books, CounterWatch } from '../../live/supervisor/tally.js';
import { TimerQueue } from '../../live/node/timers.js';

t.test('frames come out of a stream as they went in, wherever it is cut', async (t) => {
  const address = fc.integer({ min: -1, max: 1_000_000 });
  const frames = fc.array(fc.tuple(address, address, fc.uint8Array({ maxLength: 40 })));
  const lengths = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 });
  fc.assert(
    fc.property(frames, lengths, (sent, cuts) => {
      const stream = Buffer.concat(sent.map(([from, to, bytes]) => frame(from, to, bytes)));
      const reader = new FrameReader();
      const received: [number, number, Uint8Array][] = [];
      for (let at = 0, cut = 0; at < stream.length; cut += 1) {
        const end = at + cuts[cut % cuts.length];
        const good = reader.push(Buffer.from(stream.subarray(at, end)), (from, to, bytes) => {
          received.push([from, to, Uint8Array.from(bytes)]);
          return true;
        });
        if (!good) return false;
        at = end;
      }
      return JSON.stringify(received) === JSON.stringify(sent);
    }),
  );
  const take = (): boolean => true;
  t.notOk(new FrameReader().push(Buffer.alloc(12, 255), take), 'no such length');
  t.notOk(new FrameReader().push(Buffer.alloc(12), take), 'no room for addresses');
  const small = new FrameReader(64);
  t.ok(small.push(frame(1, 2, Buffer.alloc(52)), take));
  t.notOk(small.push(frame(1, 2, Buffer.alloc(53)), take), 'too large, as long as that counts');
  t.notOk(new FrameReader().push(frame(1, 2, Buffer.alloc(9)), () => false), 'not to be taken');
});

t.test('a store keeps what was synced and nothing else', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'howdah-store-'));
  t.teardown(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'host-1.json');
  const store = new FileStore(path);
  store.put('a', { b: [1, null, 'c'] });
  store.put('gone', true);
  t.same(store.get('a'), { b: [1, null, 'c'] }, 'read back before the sync');
  t.notOk(existsSync(path));
  store.sync();
  store.delete('gone');
  store.put('later', 1);
  t.same(new FileStore(path).get('a'), { b: [1, null, 'c'] });
  t.equal(new FileStore(path).get('gone'), true);
  t.equal(new FileStore(path).get('later'), undefined);
  store.sync();
  t.equal(new FileStore(path).get('gone'), undefined);
  t.equal(new FileStore(path).get('later'), 1);
  t.same(readdirSync(directory), ['host-1.json']);
});

t.test('timers fire in order, never early, and not when cancelled or stopped', async (t) => {
  const clock = Clock.startingNow();
  const fired: number[] = [];
  const timers = new TimerQueue(clock, (_owner, _kind, dueUs) => {
    t.ok(clock.now() >= dueUs, `${dueUs}`);
    fired.push(dueUs);
    if (dueUs === 60_500) timers.stop();
  });
  const start = clock.now();
  const cancelled = timers.set(30_000, 0, 0, 30_000);
  for (const dueUs of [40_900, 40_100, 20_000, start, 60_500, 60_600]) {
    timers.set(dueUs, 0, 0, dueUs);
  }
  timers.cancel(cancelled);
  timers.cancel(cancelled);
  await delay(150);
  t.same(fired, [start, 20_000, 40_100, 40_900, 60_500]);
});

t.test('observations come in order of time, whenever they arrive', async (t) => {
  const seen: [number, number][] = [];
  const sink = { observe: (timeUs: number, process: number) => void seen.push([timeUs, process]) };
  const merge = new TimeMerge([sink]);
  const add = (timeUs: number, process: number): void => {
    merge.add(timeUs, process, { type: 'process-down' });
  };
  add(50, 1);
  add(20, 2);
  add(20, 3);
  merge.release(50);
  t.same(seen, [[20, 2], [20, 3]]);
  t.throws(() => add(49, 4), RangeError, 'its place is taken');
  add(50, 4);
  merge.release(40);
  merge.release(60);
  t.same(seen, [[20, 2], [20, 3], [50, 1], [50, 4]]);
});

t.test('books balance by what is known of those who died, and by nothing else', async (t) => {
  const [a, b] = [new Traffic(messageTypes.length), new Traffic(messageTypes.length)];
  const watches = [new CounterWatch(a), new CounterWatch(b)];
  const books = new Books(messageTypes);
  const tell = (process: number): void => {
    const { counters, links } = watches[process].changes();
    books.add({ process, life: 1 }, counters, links);
  };
  const send = (from: Traffic, to: number, type: number, times: number): void => {
    for (let time = 0; time < times; time += 1) {
      const bytes = Uint8Array.of(type, 0, 0);
      from.sent[type] += 1;
      from.bytes[type] += 3;
      from.link(to, 1).out.add(type, bytes);
    }
  };
  const receive = (at: Traffic, from: number, type: number, times: number): void => {
    at.delivered[type] += times;
    const bytes = Uint8Array.of(type, 0, 0);
    for (let time = 0; time < times; time += 1) at.link(from, 1).in.add(type, bytes);
  };
  send(a, 1, 3, 10);
  receive(b, 0, 3, 6);
  send(b, 0, 5, 1);
  receive(a, 1, 5, 4);
  send(a, -1, 7, 2);
  receive(a, -1, 7, 1);
  send(a, 1, 9, 5);
  receive(b, 0, 9, 5);
  // Of a node that stands still three wait.
  b.delivered[9] -= 3;
  tell(0);
  tell(1);
  t.same(watches[0].changes(), { counters: [], links: [] });
  const { counters } = books;
  t.equal(books.close(() => false), 4 - 3 + 1, 'by what the links took and gave');
  t.equal(counters.sent[9] - counters.delivered[9], 3, 'lost sight of: no account closes');
  t.equal(counters.sent[3] - counters.delivered[3], 4, 'on their way');
  t.equal(counters.sent[5] - counters.delivered[5], -3, 'cannot be, and is not mended');
  t.equal(books.close(({ process }) => process === 1), 1, 'but for what went to, or from, one');
  t.equal(counters.dropped.loss[9], 3, 'what one that died had not looked at is lost');
  t.equal(counters.dropped.loss[3], 4, 'sent to one that died: lost');
  t.same([counters.sent[5], counters.bytes[5]], [4, 12], 'sent by one that died, as it arrived');
  t.equal(counters.dropped.loss[7], 0, 'within one that lived: on its way');
});
