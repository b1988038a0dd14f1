/** Disks that fail at any write, signals, closed pipes, narrow terminals: what is left behind. */
import { spawn, spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { readRunDirectory } from '../../analysis/run-directory.js';
import { good, goodSweep } from './bad-inputs.js';
import { onDisk, type Disk } from './failing-disk.js';
import { simHere } from './in-process.js';
import { inTime } from '../length.js';

const ESCAPE = String.fromCharCode(27);
const colour = new RegExp(`${ESCAPE}\\[[\\d;]*m`, 'g');
const program = fileURLToPath(new URL('../../cli/main.js', import.meta.url));

/** All files below with their content, but what differs from try to try. */
function contents(directory: string): Record<string, string> {
  const files = fs.readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => fs.lstatSync(join(directory, name)).isFile())
    .sort();
  return Object.fromEntries(files.map((name) => {
    const varies = /(manifest\.json|report\.html)$/.test(name);
    return [name, varies ? '' : fs.readFileSync(join(directory, name), 'utf8')];
  }));
}

/** Of two runs one crashes. */
const crashing = `base: s.yaml
variants: { good: { network.latency: 5ms }, bad: { network.latency: { bad: {} } } }
`;
const bad = `export default { latencies: { bad: {
  longestUs: () => 1000,
  create: () => ({ delayUs: () => { throw new Error('bad'); } }),
} } };`;

/**
 * Commands that write, in a directory that holds a run of theirs; every n-th operation fails: of
 * those that start a process, or take long, fewer where it must be quick.
 */
const commands: readonly (readonly [every: number, ...words: string[]])[] = [
  [inTime(60, 4), 'sweep', 'w.yaml', '--out', 'swept', '--jobs', '1', '--plugin', './bad.mjs'],
  [inTime(16, 2), 'run', 's.yaml', '--out', 'new', '--trace-messages'],
  [inTime(45, 9), 'run', 's.yaml'],
  [inTime(40, 8), 'run', 's.yaml', '--out', 'run'],
  [inTime(75, 15), 'report', 'run'],
  [inTime(16, 2), 'report', 'run', '--format', 'perfetto'],
  [inTime(25, 5), 'fit', 't.csv', '--bootstrap', '0'],
  [inTime(5, 1), 'init', 'mine.yaml'],
];
const outages = Array.from({ length: 20 }, (_, k) => `${k % 5},${1000 * k},${1000 * k + 100 + k}`);
const trace = `node,failed_at_s,repaired_at_s\n${outages.join('\n')}\n`;

for (const [every, ...words] of commands) {
  t.test(`${words.join(' ')}: the disk fails at any write`, async (t) => {
    const made = t.testdir({ 's.yaml': good, 't.csv': trace, 'w.yaml': crashing, 'bad.mjs': bad });
    await simHere(made, 'run', 's.yaml', '--out', 'run', '--trace-messages');
    const before = contents(made);
    const place = join(made, '..', 'place');
    t.teardown(() => fs.rmSync(place, { recursive: true, force: true }));
    const fresh = (): void => {
      fs.rmSync(place, { recursive: true, force: true });
      fs.cpSync(made, place, { recursive: true });
    };
    fresh();
    const whole = await onDisk({ code: 'EIO' }, () => simHere(place, ...words));
    t.equal(whole.result.status, words[0] === 'sweep' ? 3 : 0, whole.result.stderr);
    const after = contents(place);
    const tryOn = async (disk: Disk): Promise<void> => {
      fresh();
      const { result, failed } = await onDisk(disk, () => simHere(place, ...words));
      const how = `${JSON.stringify(disk)}: ${result.stderr}`;
      t.ok(failed, how);
      t.equal(result.status, 4, how);
      t.match(result.stderr, /^[^\n]+: [^\n]+, [^\n]+\n$/, 'one line with place and remedy');
      t.notMatch(result.stderr, /defect|\.[0-9a-f]{8}:/);
      t.equal(result.stdout, '');
      // Had the second of two renames failed, the next to look puts back what was there.
      readRunDirectory(join(place, 'run'));
      for (const [name, content] of Object.entries(contents(place))) {
        t.ok(content === before[name] || content === after[name], `${name} is whole: ${how}`);
      }
    };
    let tries = 0;
    const codes = ['ENOSPC', 'EROFS', 'EIO', 'EMFILE', 'EDQUOT', 'EACCES'] as const;
    for (let operations = 0; operations < whole.operations; operations += every) {
      await tryOn({ operations, code: codes[tries % codes.length] });
      tries += 1;
    }
    for (const share of [0, 0.2, 0.9]) {
      await tryOn({ bytes: Math.floor(whole.bytes * share), code: 'ENOSPC' });
    }
  });
}

function shell(directory: string, script: string): SpawnSyncReturns<string> {
  const env = { ...process.env, SIM: `${process.execPath} ${program}` };
  return spawnSync('bash', ['-c', script], { cwd: directory, encoding: 'utf8', env });
}

t.test('what only a process of its own can show', async (t) => {
  const directory = t.testdir({ 's.yaml': good, 'w.yaml': goodSweep });
  const cases: readonly [what: string, script: string, status: number, stderr: RegExp][] = [
    ['too few descriptors', 'ulimit -n 24; $SIM run s.yaml', 4, /^sim: too few open .*1024\n$/],
    ['as JSON', 'ulimit -n 24; $SIM run s.yaml --json', 4, /^\{"error":.*"exitCode":4\}\}\n$/],
    ['files may not grow', 'ulimit -f 1; $SIM run s.yaml --out r', 4, /^\S+: the file .*, allow m/],
    ['stdout is full', '$SIM list > /dev/full', 4, /^sim: no space left on the disk, make some/],
    ['stdout is closed', '$SIM check s.yaml >&-', 0, /^$/],
    ['stderr is closed', '$SIM check no.yaml 2>&-', 2, /^$/],
    ['stderr is full', '$SIM check no.yaml 2>/dev/full', 2, /^$/],
    ['a reader that leaves', '$SIM schema | head -c 10; exit ${PIPESTATUS[0]}', 0, /^$/],
    ['no folder', 'mkdir g; cd g; rmdir ../g; $SIM list', 4, /^sim: the folder that you are in is/],
    ['no terminal', '$SIM run s.yaml --out r2 </dev/null', 0, /^$/],
  ];
  for (const [what, script, status, stderr] of cases) {
    const ended = shell(directory, script);
    t.equal(ended.status, status, `${what}: ${ended.stderr}`);
    t.match(ended.stderr, stderr, what);
    t.notMatch(ended.stdout, ESCAPE, 'no colours');
  }
  t.same(fs.readdirSync(directory).sort(), ['r2', 's.yaml', 'w.yaml']);
});

const hasScript = spawnSync('script', ['--version']).status === 0;
t.test('terminals', { skip: !hasScript && 'there is no script(1)' }, async (t) => {
  const directory = t.testdir({ 's.yaml': good });
  const onTerminal = (setting: string, command: string): string => {
    const words = `stty cols 40 rows 20; ${setting} $SIM ${command}`;
    return shell(directory, `script -qec '${words}' /dev/null </dev/null`).stdout;
  };
  const plain = onTerminal('NO_COLOR=1', 'check no.yaml');
  t.match(plain, /no\.yaml:1:1: cannot read the scenario/);
  t.notMatch(plain, colour, 'NO_COLOR is honoured');
  const help = onTerminal('', 'run --help').replaceAll(colour, '').split(/\r?\n/);
  t.ok(help.length > 20 && help.every((line) => line.length <= 40), 'help fits in 40 columns');
  t.notMatch(onTerminal('', 'run s.yaml --out r'), / left/, 'no guess in the first two seconds');
});

t.test('a signal ends a run or sweep, keeps what is done, and leaves no litter', async (t) => {
  const long = 'duration: 10y\nsystem: { managers: 5 }\n';
  const directory = t.testdir({ 'long.yaml': long, 'w.yaml': 'base: long.yaml\nvary: {}\n' });
  const signals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
  const ended = Object.entries(signals).flatMap(([signal, status]) =>
    ['run long.yaml', 'sweep w.yaml --jobs 1'].map(async (command) => {
      const out = `${signal}-${command.slice(0, 3)}`;
      const child = spawn(process.execPath, [program, ...command.split(' '), '--out', out], {
        cwd: directory, stdio: 'ignore',
      });
      const begun = (): boolean => command.startsWith('run')
        ? fs.readdirSync(directory).some((name) => name.startsWith(`.${out}.new-`))
        : fs.existsSync(join(directory, out, 'runs')) &&
          fs.readdirSync(join(directory, out, 'runs')).length > 0;
      while (!begun() && child.exitCode === null) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      await new Promise((resolve) => setTimeout(resolve, 300));
      child.kill(signal as NodeJS.Signals);
      await once(child, 'exit');
      t.equal(child.exitCode, status, `${signal}: ${command}`);
      const kept = fs.readFileSync(join(directory, out, 'manifest.json'), 'utf8');
      t.match(kept, command.startsWith('run') ? '"interrupted": true' : '"complete": false');
      t.notOk(fs.existsSync(join(directory, out, 'lock')), 'the lock is given back');
    }),
  );
  await Promise.all(ended);
  const hidden = Object.keys(contents(directory)).filter((name) => /(^|\/)\./.test(name));
  t.same(hidden, [], 'no litter');
});
