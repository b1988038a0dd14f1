import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { Lock } from '../../analysis/lock.js';
import { SweepDirectory } from '../../analysis/sweep/index.js';

const manifest = { sweep: 'abc', shard: null, complete: false };

function holder(change: object): string {
  const since = '2026-01-01T00:00:00.000Z';
  return JSON.stringify({ process: process.pid, host: hostname(), born: '', since, ...change });
}

t.test('one runner at a time holds a sweep directory', (t) => {
  const path = join(t.testdir(), 'sweep');
  const first = SweepDirectory.open(path, 'abc', null);
  first.writeSweep('vary: {}\n');
  first.writeManifest(manifest);
  const file = join(path, 'lock');
  t.match(JSON.parse(fs.readFileSync(file, 'utf8')), { process: process.pid, host: hostname() });
  const held = { code: 'LOCKED', message: `${file}: process ${process.pid} on ` };
  t.throws(() => SweepDirectory.open(path, 'abc', null), held);
  first.close();
  t.notOk(fs.existsSync(file));
  SweepDirectory.open(path, 'abc', null).close();
  t.end();
});

t.test('the lock of the dead is taken over, that of others and of the living is not', (t) => {
  const path = t.testdir();
  const file = join(path, 'lock');
  const dead = spawnSync(process.execPath, ['-e', '0']).pid;
  for (const stale of [holder({ process: dead }), '', '{"a":', holder({ born: 'long/ago' })]) {
    fs.writeFileSync(file, stale);
    const lock = Lock.take(path);
    t.match(JSON.parse(fs.readFileSync(file, 'utf8')), { process: process.pid });
    lock.release();
    t.same(fs.readdirSync(path), []);
  }
  for (const held of [holder({}), holder({ process: dead, host: 'elsewhere' })]) {
    fs.writeFileSync(file, held);
    t.throws(() => Lock.take(path), { code: 'LOCKED', isInput: false });
    t.equal(fs.readFileSync(file, 'utf8'), held);
    t.same(fs.readdirSync(path), ['lock']);
  }
  t.end();
});

t.test('a runner killed before it has begun leaves nothing in the way', (t) => {
  const path = join(t.testdir(), 'sweep');
  SweepDirectory.open(path, 'abc', null).writeSweep('vary: {}\n');
  const dead = spawnSync(process.execPath, ['-e', '0']).pid;
  fs.writeFileSync(join(path, 'lock'), holder({ process: dead }));
  fs.mkdirSync(join(path, 'runs', '.run.new-00000000-1-aaaaaaaaaaaa'));
  const again = SweepDirectory.open(path, 'abc', null);
  t.same(fs.readdirSync(join(path, 'runs')), []);
  again.close();
  t.end();
});
