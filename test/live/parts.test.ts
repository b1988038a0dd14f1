import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import t from 'tap';
import { MessageCounters } from '../../experiment/world.js';
import { Clock } from '../../live/node/clock.js';
import { frame, FrameReader } from '../../live/node/frames.js';
import { TimeMerge } from '../../live/supervisor/merge.js';
import { FileStore } from '../../live/node/store.js';
import { Traffic } from '../../live/node/traffic.js';
import { addChanges, balance, CounterWatch } from '../../live/supervisor/tally.js';
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
        });
        if (!good) return false;
        at = end;
      }
      return JSON.stringify(received) === JSON.stringify(sent);
    }),
  );
  t.notOk(new FrameReader().push(Buffer.alloc(12, 255), () => {}), 'no such length');
  t.notOk(new FrameReader().push(Buffer.alloc(12), () => {}), 'no room for addresses');
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

t.test('observations come in order of time, the late ones too', async (t) => {
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
  add(10, 4);
  merge.release(40);
  merge.release(60);
  t.same(seen, [[20, 2], [20, 3], [50, 1], [50, 4]]);
});

t.test('counts are gathered, and the books of a finished run balance', async (t) => {
  const child = new Traffic();
  const watch = new CounterWatch(child);
  const total = new MessageCounters();
  child.sent[3] = 10;
  child.bytes[3] = 500;
  child.delivered[3] = 6;
  addChanges(total, watch.changes());
  child.delivered[3] = 7;
  child.dropped.loss[3] = 1;
  child.delivered[5] = 4;
  addChanges(total, watch.changes());
  t.same(watch.changes(), []);
  t.same([total.sent[3], total.bytes[3], total.delivered[3]], [10, 500, 7]);
  balance(total);
  t.equal(total.dropped['receiver-down'][3], 2, 'gone with a process that was killed');
  t.equal(total.sent[5], 4, 'sent by one that was killed before it could say so');
});
