import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { childrenOf, hasProc, isRunning, stateOf } from './fixture.js';

const supervisor = fileURLToPath(new URL('supervisor.js', import.meta.url));

t.test('killed with -9, a supervisor leaves nobody, not even who is stopped', {
  skip: !hasProc,
}, async (t) => {
  // The stores of its hosts are the one thing that it cannot clear away.
  const directory = mkdtempSync(join(tmpdir(), 'howdah-orphans-'));
  t.teardown(() => rmSync(directory, { recursive: true, force: true }));
  const env = { ...process.env, TMPDIR: directory };
  const child = fork(supervisor, [], { execArgv: [], env });
  await once(child, 'message');
  const hosts = childrenOf(child.pid!);
  t.ok(hosts.length >= 4, `${hosts.length} processes`);
  const stopped = (): boolean => hosts.some((pid) => stateOf(pid) === 'T');
  for (let tries = 0; tries < 100 && !stopped(); tries += 1) await delay(50);
  t.ok(stopped(), 'one of them is stopped');
  const all = childrenOf(child.pid!);

  child.kill('SIGKILL');
  await once(child, 'exit');
  for (let tries = 0; tries < 200 && all.some(isRunning); tries += 1) await delay(50);
  t.same(all.filter(isRunning), []);
});
