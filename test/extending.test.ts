/** docs/extending.md, run as it stands. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { sim } from './cli/sim.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const text = readFileSync(join(root, 'docs', 'extending.md'), 'utf8');

/** Code blocks that say where they belong, into `directory`; the lines to be run. */
function unpack(directory: string): string[] {
  const commands: string[] = [];
  for (const [, heading, body] of text.matchAll(/^```(\S+ \S+)\n(.*?)^```$/gms)) {
    const [, file] = / file=(.*)$/.exec(heading) ?? [];
    if (file !== undefined) writeFileSync(join(directory, file), body);
    else commands.push(...body.trim().split('\n'));
  }
  return commands;
}

// Inside the checkout, so that `howdah` and `zod` are found as where the package is installed.
t.test('the worked example works', async (t) => {
  const directory = t.testdir();
  const commands = unpack(directory);
  t.equal(commands.length, 2);
  for (const command of commands) {
    const [program, ...words] = command.split(' ');
    t.equal(program, 'sim');
    const { status, stderr } = sim(directory, ...words);
    t.equal(status, 0, `${command}\n${stderr}`);
  }
  const scenario = readFileSync(join(directory, 'run', 'scenario.yaml'), 'utf8');
  t.match(scenario, 'assignment: { name: random-choices, choices: 2 }');
  const plugin = ['--plugin', './two-choices.mjs'];
  const again = sim(directory, 'run', 'run/scenario.yaml', ...plugin, '--out', 'again', '--json');
  const before = readFileSync(join(directory, 'run', 'summary.json'), 'utf8');
  t.equal(
    (JSON.parse(again.stdout) as { digest: string }).digest,
    (JSON.parse(before) as { digest: string }).digest,
  );
  const wrong = ['--set', 'coordination.assignment.choices=0'];
  const refused = sim(directory, 'run', 'balance.yaml', ...plugin, ...wrong);
  t.equal(refused.status, 2);
  t.match(refused.stderr, /^--set coordination.assignment.choices: random-choices.choices: /);
});

t.test('its suite passes', async (t) => {
  const directory = t.testdir();
  unpack(directory);
  const node = (...words: string[]) =>
    spawnSync(process.execPath, words, { cwd: directory, encoding: 'utf8' });
  const suite = node('two-choices.test.mjs');
  t.equal(suite.status, 0, suite.stdout + suite.stderr);
  t.match(suite.stdout, 'random-choices as an assignment');
  const broken = readFileSync(join(directory, 'two-choices.mjs'), 'utf8');
  const skipping = broken.replace('manager !== except', 'true');
  t.not(skipping, broken);
  writeFileSync(join(directory, 'two-choices.mjs'), skipping);
  t.not(node('two-choices.test.mjs').status, 0, 'and finds what is wrong');
});

t.test('so does the program', async (t) => {
  const directory = t.testdir();
  unpack(directory);
  const program = spawnSync(process.execPath, ['compare.mjs'], {
    cwd: directory, encoding: 'utf8',
  });
  t.equal(program.status, 0, program.stderr);
  const rows = program.stdout.trim().split('\n').map((line) => line.split(' ').slice(-2));
  t.same(rows.map(([, healthy]) => healthy), ['true', 'true', 'true']);
  const [one, two, all] = rows.map(([most]) => Number(most));
  t.ok(one > two && two > all && all === 50, program.stdout);
});
