/** Campaigns by way of a queue that cannot be, or cannot go on: one line, the right exit code. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { queueAddress, withoutPassword } from '../../campaign/queue/address.js';
import { simHere } from '../cli/in-process.js';
import { sim, startSim } from '../cli/sim.js';
import { noRedis, TestRedis } from './redis.js';

const program = fileURLToPath(new URL('../../cli/main.js', import.meta.url));
const base = '{ duration: 1m, measure: { samples: 5 }, system: { managers: 1 } }';
const good = `name: s\nbase: ${base}\nvary: {}\nreplications: 3\n`;

t.test('addresses', (t) => {
  const { shown: _, ...all } = queueAddress('rediss://me:a%3Ab@[::1]:7/3?prefix=ours', 'other');
  t.same(all, {
    host: '::1', port: 7, user: 'me', password: 'a:b', database: 3, tls: true, prefix: 'ours',
  });
  t.match(queueAddress('redis://host', 'other'), {
    host: 'host', port: 6379, user: undefined, password: 'other', database: 0, prefix: 'howdah',
  });
  const command = 'sim sweep s --queue redis://me:secret@host:1/2';
  t.equal(withoutPassword(command), 'sim sweep s --queue redis://me:***@host:1/2');
  t.end();
});

t.test('an address that is none', async (t) => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['localhost:6379', /^--queue localhost:6379: is no address of a Redis, write redis:/],
    ['http://me:secret@host', /^--queue http:\/\/me:\*\*\*@host: is no address of a Redis, /],
    ['redis://', /is no address of a Redis/],
    ['redis://host/x', /\/x is no database, write a number/],
    ['redis://host?prefx=a', /unknown setting prefx, did you mean prefix\?/],
    ['redis://host?prefix=a%20b', /the prefix a b holds other signs, use letters/],
  ];
  const directory = t.testdir({ 's.yaml': good });
  for (const [queue, message] of cases) {
    for (const words of [['sweep', 's.yaml'], ['worker'], ['sweep', '--attach']]) {
      const refused = await simHere(directory, ...words, '--queue', queue);
      t.match(refused, { status: 2, stdout: '', stderr: message });
      t.match(refused.stderr, /^[^\n]+\n$/, 'one line');
    }
  }
  t.match(await simHere(directory, 'worker'), { status: 2, stderr: /write --queue redis:/ });
  const nowhere = await simHere(directory, 'sweep', '--attach');
  t.match(nowhere, { status: 2, stderr: /name the queue too/ });
  t.match(await simHere(directory, 'sweep'), { status: 2, stderr: /name a file/ });
  const nobody = await simHere(directory, 'sweep', 's.yaml', '--queue', 'redis://127.0.0.1:1');
  t.match(nobody, { status: 4, stderr: /^sim: --queue redis:\S+:1: no Redis answers \(/ });
  t.same(readdirSync(directory), ['s.yaml'], 'nothing is written');
});

t.test('a Redis that refuses', { skip: noRedis }, async (t) => {
  const directory = t.testdir({ 's.yaml': good, redis: {} });
  const redis = await TestRedis.start(join(directory, 'redis'), '--requirepass', 'secret');
  t.teardown(() => redis.kill());
  const host = `127.0.0.1:${redis.port}`;
  const cases: readonly (readonly [string, number, RegExp])[] = [
    [`redis://${host}`, 2, /user or password are wrong \(NOAUTH .*\), write redis:/],
    [`redis://:bad@${host}`, 2, /:\*\*\*@.*: user or password are wrong \(WRONGPASS /],
    [`redis://:secret@${host}/99`, 2, /it has no such database \(.*\), write a smaller number/],
  ];
  for (const [queue, status, message] of cases) {
    for (const words of [['sweep', 's.yaml', '--out', 'out'], ['worker']]) {
      const refused = await simHere(directory, ...words, '--queue', queue);
      t.match(refused, { status, stdout: '', stderr: message });
      t.match(refused.stderr, /^[^\n]+\n$/, 'one line');
      t.notMatch(refused.stderr, /secret|bad@/);
    }
  }
  t.notOk(existsSync(join(directory, 'out')), 'nothing is written');
  const ask = ['-a', 'secret', 'config', 'set'];
  redis.ask('-a', 'secret', 'acl', 'setuser', 'me', 'on', '>mine', '~*', '&*', '+@all');
  process.env['HOWDAH_QUEUE_PASSWORD'] = 'secret';
  t.teardown(() => delete process.env['HOWDAH_QUEUE_PASSWORD']);
  // The password of the environment stands in for one that the address lacks.
  for (const address of [host, `me:mine@${host}`]) {
    const words = ['sweep', '--attach', '--json', '--queue', `redis://${address}`];
    t.match(await simHere(directory, ...words), { status: 0, stdout: /"campaigns": \[\]/ });
  }
  delete process.env['HOWDAH_QUEUE_PASSWORD'];
  redis.ask(...ask, 'maxmemory', '100kb');
  const queue = ['--queue', `redis://:secret@${host}`];
  const full = await simHere(directory, 'sweep', 's.yaml', ...queue, '--out', 'out');
  t.match(full, { status: 4, stderr: /Redis refuses \(OOM .*\), raise its maxmemory; --resume / });
  redis.ask(...ask, 'maxmemory', '0');
  const worker = startSim(directory, 'worker', ...queue, '--jobs', '1');
  t.teardown(() => worker.kill('SIGKILL'));
  const words = ['sweep', 's.yaml', ...queue, '--out', 'out', '--resume', '--json'];
  t.match(await simHere(directory, ...words), { status: 0, stdout: /"ok": 3/ });
  t.notMatch(readFileSync(join(directory, 'out/manifest.json'), 'utf8'), /secret/);
});

/** A latency that takes its process along, as memory that ran out would. */
const deadly = `export default { latencies: { deadly: {
  longestUs: () => 1000,
  create: () => ({ delayUs: () => process.kill(process.pid, 'SIGKILL') && 1000 }),
} } };`;

t.test('runs that kill, and workers of another kind', { skip: noRedis }, async (t) => {
  const directory = t.testdir({
    's.yaml': good, redis: {}, 'deadly.mjs': deadly,
    'd.yaml': `${good.replace('s\n', 'd\n').replace('managers: 1 }', 'managers: 2 }, network: ' +
      '{ latency: { deadly: {} } }').replace('3\n', '1\n')}`,
  });
  const redis = await TestRedis.start(join(directory, 'redis'));
  t.teardown(() => redis.kill());
  const queue = ['--queue', redis.url];
  const plugin = ['--plugin', './deadly.mjs'];
  const worker = startSim(directory, 'worker', ...queue, ...plugin, '--jobs', '1', '--idle', '60s');
  t.teardown(() => worker.kill('SIGKILL'));
  const out = ['--out', 'deadly', '--json'];
  const ended = sim(directory, 'sweep', 'd.yaml', ...queue, ...plugin, ...out);
  t.match(ended, { status: 3, stdout: /"crashed": 1/ });
  const [why] = readdirSync(join(directory, 'deadly/crashes'));
  t.match(readFileSync(join(directory, 'deadly/crashes', why), 'utf8'), /died \(SIGKILL\)/);

  // A worker with the plug-in makes no runs of a sweep without it, and says so.
  const sweep = startSim(directory, 'sweep', 's.yaml', ...queue, '--out', 'other', '--json');
  let said = '';
  sweep.stderr?.on('data', (text: Buffer) => (said += text.toString()));
  const idle = sim(directory, 'worker', ...queue, ...plugin, '--idle', '6s');
  t.match(idle, { status: 2, stderr: /campaign \S+ \(s\) was begun by another build or with o/ });
  t.ok(existsSync(join(directory, 'other/sweep.yaml')) && sweep.exitCode === null, 'it waits');
  sweep.kill('SIGINT');
  await new Promise((resolve) => sweep.once('close', resolve));
  t.equal(sweep.exitCode, 130);
  t.match(said, /no worker of this build and these plugins is at work at redis:/);
  t.match(await simHere(directory, 'sweep', 's', '--attach', ...queue), {
    status: 0, stdout: /0 of 3 runs; interrupted, --resume goes on with it/,
  });
});

const noTls = spawnSync('openssl', ['version']).status === 0 ? noRedis : 'there is no openssl';
t.test('TLS', { skip: noTls }, async (t) => {
  const directory = t.testdir({ 's.yaml': good, redis: {} });
  const file = (name: string): string => join(directory, name);
  spawnSync('openssl', [
    'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days',
    '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1',
    '-keyout', file('key.pem'), '-out', file('cert.pem'),
  ]);
  const redis = await TestRedis.start(
    file('redis'), '--tls-cert-file', file('cert.pem'), '--tls-key-file', file('key.pem'),
    '--tls-ca-cert-file', file('cert.pem'), '--tls-auth-clients', 'no',
    '--port', '0', '--tls-port', 'PORT',
  );
  t.teardown(() => redis.kill());
  const words = ['sweep', '--attach', '--json', '--queue', `rediss://localhost:${redis.port}`];
  t.match(await simHere(directory, ...words), { status: 4, stderr: /self-signed certificate/ });
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: file('cert.pem') };
  const { status, stdout } = spawnSync(process.execPath, [program, ...words], {
    cwd: directory, env, encoding: 'utf8',
  });
  t.equal(status, 0);
  t.same(JSON.parse(stdout), { campaigns: [] });
});
