/** docs/extending.md as a user has it: with the package that `npm pack` makes, far from here. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync,
  symlinkSync, writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** An empty project in which the package is installed, and all that it needs. */
function install(directory: string): void {
  const modules = join(directory, 'node_modules');
  mkdirSync(modules);
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name !== '.bin') symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  writeFileSync(join(directory, 'package.json'), '{ "name": "user", "type": "module" }');
  const words = ['pack', '--ignore-scripts', '--silent', '--pack-destination', directory];
  const [tarball] = succeed(root, 'npm', ...words).trim().split('\n').slice(-1);
  succeed(directory, 'tar', '-xzf', tarball);
  succeed(directory, 'mv', 'package', 'node_modules/howdah');
}

function succeed(directory: string, program: string, ...words: string[]): string {
  const options = { cwd: directory, encoding: 'utf8', maxBuffer: 1e8 } as const;
  const { status, stdout, stderr } = spawnSync(program, words, options);
  if (status !== 0) throw new Error(`${program} ${words.join(' ')}: ${status}\n${stdout}${stderr}`);
  return stdout;
}

const directory = mkdtempSync(join(tmpdir(), 'howdah-packed-'));
t.teardown(() => rmSync(directory, { recursive: true, force: true }));
install(directory);
const howdah = join(directory, 'node_modules', 'howdah');

/** Starts every scenario that came along, and reads every sweep; a line for each. */
const everything = `
import { readdirSync } from 'node:fs';
import { run } from 'howdah';
const howdah = new URL('./node_modules/howdah/', import.meta.url);
const { loadSweep } = await import(new URL('dist/checker/scenario.js', howdah));
const named = (folder) => readdirSync(new URL(folder, howdah))
  .filter((name) => name.endsWith('.yaml')).map((name) => new URL(folder + name, howdah).pathname);
for (const path of named('scenarios/')) {
  const stop = new AbortController();
  const set = path.includes('million')
    ? ['system.managers=20', 'system.resources[0].count=1000'] : [];
  try {
    const progress = () => stop.abort();
    const { summary } = await run({ scenario: path, set, progress, signal: stop.signal });
    console.log(summary.scenario, 'runs');
  } catch (error) {
    console.log(error.name, error.message);
  }
}
for (const path of named('scenarios/sweeps/')) console.log(loadSweep(path).name, 'sweeps');
`;

t.test('without data, as anybody, every scenario runs or says what it lacks', (t) => {
  writeFileSync(join(directory, 'everything.mjs'), everything);
  chmodSync(directory, 0o755);
  const { HOWDAH_DATA: _, ...env } = process.env;
  // As nobody, where we may become that and nobody may read what we have.
  const nobody = { uid: 65_534, gid: 65_534 };
  const options = { cwd: directory, encoding: 'utf8', env, maxBuffer: 1e8 } as const;
  const asNobody = process.getuid?.() === 0 &&
    spawnSync(process.execPath, ['-e', "require('howdah/package.json')"], {
      ...options, ...nobody,
    }).status === 0;
  const words = [join(directory, 'everything.mjs')];
  const as = asNobody ? nobody : {};
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { ...options, ...as });
  t.equal(status, 0, stderr);
  const lines = stdout.trim().split('\n');
  const lacking = lines.filter((line) => !/^[\w-]+ (runs|sweeps)$/.test(line));
  t.equal(lacking.length, 3, 'the three that replay what was recorded');
  for (const line of lacking) {
    const wanted = /^ScenarioError .*\.yaml:\d+:\d+: there is no (trace|matrix) .*, put it there /;
    t.match(line, wanted);
  }
  t.ok(lines.length - lacking.length >= 20, stdout);
  t.end();
});

t.test('what ships is what should, and names no place of a machine', (t) => {
  const files = readdirSync(howdah, { recursive: true, encoding: 'utf8' });
  for (const file of ['results/README.md', 'scenarios/data/README.md', 'dist/cli/main.js']) {
    t.ok(files.includes(file), file);
  }
  t.same(files.filter((name) => /^(scenarios\/data|results)\/(?!README)/.test(name)), []);
  // What tests alone need stays at home, but for what the suites are made of.
  const wanted = [
    /^scenarios\/((rules|sweeps)\/)?[\w-]+\.yaml$/, /^scenarios\/data\/README\.md$/,
    /^dist\/test\/(conformance|core)\//, /^dist\/test\/any-text\./,
  ];
  const stray = files.filter((name) => /^(scenarios|dist\/test)\/.*\.\w+$/.test(name))
    .filter((name) => !wanted.some((one) => one.test(name)));
  t.same(stray, []);
  const found = files
    .filter((name) => statSync(join(howdah, name)).isFile())
    .filter((name) => readFileSync(join(howdah, name), 'utf8').includes(root.replace(/\/$/, '')));
  t.same(found, [], 'not even of this one');
  const { bin } = JSON.parse(readFileSync(join(howdah, 'package.json'), 'utf8')) as {
    bin: Record<string, string>;
  };
  t.same(bin, { howdah: 'dist/cli/main.js', sim: 'dist/cli/main.js' });
  t.end();
});

const node = (...words: string[]) => {
  const options = { cwd: directory, encoding: 'utf8', maxBuffer: 1e8 } as const;
  return spawnSync(process.execPath, words, options);
};
const sim = (...words: string[]) => node(join(howdah, 'dist', 'cli', 'main.js'), ...words);

/** Code blocks of a page that say where they belong; the lines to be run. */
function unpack(page = 'extending.md'): string[] {
  const text = readFileSync(join(howdah, 'docs', page), 'utf8');
  const commands: string[] = [];
  for (const [, heading, body] of text.matchAll(/^```(\S+ \S+)\n(.*?)^```$/gms)) {
    const [, file] = / file=(.*)$/.exec(heading) ?? [];
    if (file !== undefined) writeFileSync(join(directory, file), body);
    else commands.push(...body.trim().split('\n'));
  }
  return commands;
}

t.test('the worked example of docs/extending.md works', (t) => {
  const commands = unpack();
  t.equal(commands.length, 6);
  for (const command of commands) {
    const [program, ...words] = command.match(/'[^']*'|\S+/g)!
      .map((word) => word.replaceAll("'", ''));
    t.equal(program, 'sim');
    const { status, stderr } = sim(...words);
    t.equal(status, 0, `${command}\n${stderr}`);
  }
  const scenario = readFileSync(join(directory, 'run', 'scenario.yaml'), 'utf8');
  t.match(scenario, 'assignment: { name: random-choices, choices: 2 }');
  const partied = readFileSync(join(directory, 'partied', 'summary.json'), 'utf8');
  t.match(JSON.parse(partied), { overlay: { name: 'party' } });
  t.match(partied, '"party/hello"');
  const calm = readFileSync(join(directory, 'calm', 'summary.json'), 'utf8');
  t.match(JSON.parse(calm), { invariants: { checked: ['role-changes', 'calm'] } });
  const plugin = ['--plugin', './two-choices.mjs'];
  const again = sim('run', 'run/scenario.yaml', ...plugin, '--out', 'again', '--json');
  const before = readFileSync(join(directory, 'run', 'summary.json'), 'utf8');
  const digestIn = (text: string): string => (JSON.parse(text) as { digest: string }).digest;
  t.equal(digestIn(again.stdout), digestIn(before));
  const wrong = ['--set', 'coordination.assignment.choices=0'];
  const refused = sim('run', 'balance.yaml', ...plugin, ...wrong);
  t.equal(refused.status, 2);
  t.match(refused.stderr, /^--set coordination.assignment.choices: random-choices.choices: /);
  t.end();
});

t.test('its suite passes, and finds what is wrong', (t) => {
  unpack();
  const suite = node('two-choices.test.mjs');
  t.equal(suite.status, 0, suite.stdout + suite.stderr);
  t.match(suite.stdout, 'random-choices as an assignment');
  const module = join(directory, 'two-choices.mjs');
  const sound = readFileSync(module, 'utf8');
  const skipping = sound.replace('manager !== except', 'true');
  t.not(skipping, sound);
  writeFileSync(module, skipping);
  t.not(node('two-choices.test.mjs').status, 0);
  t.end();
});

t.test('so does its program, and what came along', (t) => {
  unpack();
  const program = node('compare.mjs');
  t.equal(program.status, 0, program.stderr);
  const rows = program.stdout.trim().split('\n').map((line) => line.split(' ').slice(-2));
  t.same(rows.map(([, healthy]) => healthy), ['true', 'true', 'true']);
  const [one, two, all] = rows.map(([most]) => Number(most));
  t.ok(one > two && two > all && all === 50, program.stdout);
  const shipped = sim('run', 'node_modules/howdah/scenarios/live-smoke.yaml');
  t.match(shipped.stdout, /Run directory +results\/live-smoke/);
  t.end();
});

t.test('the exploration of docs/campaigns.md, in forty lines, finds and shrinks', (t) => {
  t.same(unpack('campaigns.md'), ['node hunt.mjs']);
  const { status, stdout, stderr } = node('hunt.mjs');
  t.equal(status, 0, stderr);
  const found = /^after \d+ seeds, seed \d+: manager-\d is the second\n/;
  t.match(stdout, found);
  t.match(stdout, /^with [1-4] faults, in small\/: manager-\d is the second\n$/m);
  const kept = readFileSync(join(directory, 'small', 'scenario.yaml'), 'utf8');
  t.match(kept, /blink: \{ share: 0\.\d+ \}/, 'a fault of its own was drawn, and is needed');
  const lines = ['blink.mjs', 'hunt.mjs'].flatMap((file) =>
    readFileSync(join(directory, file), 'utf8').split('\n').filter((line) => line.trim() !== ''));
  t.ok(lines.length <= 40, `${lines.length} lines`);
  t.end();
});
