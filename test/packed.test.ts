/** docs/extending.md as a user has it: with the package that `npm pack` makes, far from here. */
import { spawnSync } from 'node:child_process';
import {
  existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync,
  writeFileSync,
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

t.test('the packed package has all that extending it needs', (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'howdah-packed-'));
  t.teardown(() => rmSync(directory, { recursive: true, force: true }));
  install(directory);
  const howdah = join(directory, 'node_modules', 'howdah');
  const { bin } = JSON.parse(readFileSync(join(howdah, 'package.json'), 'utf8')) as {
    bin: { sim: string };
  };
  const sim = (...words: string[]): string =>
    succeed(directory, process.execPath, join(howdah, bin.sim), ...words);
  const text = readFileSync(join(howdah, 'docs', 'extending.md'), 'utf8');
  let commands = 0;
  for (const [, heading, body] of text.matchAll(/^```(\S+ \S+)\n(.*?)^```$/gms)) {
    const [, file] = / file=(.*)$/.exec(heading) ?? [];
    if (file !== undefined) {
      writeFileSync(join(directory, file), body);
      continue;
    }
    for (const command of body.trim().split('\n')) {
      sim(...command.split(' ').slice(1));
      commands += 1;
    }
  }
  t.equal(commands, 2);
  t.ok(existsSync(join(directory, 'run', 'summary.json')));
  const suite = succeed(directory, process.execPath, 'two-choices.test.mjs');
  t.match(suite, 'random-choices as an assignment');
  const lines = succeed(directory, process.execPath, 'compare.mjs').trim().split('\n');
  t.same(lines.map((line) => line.split(' ').at(-1)), ['true', 'true', 'true']);
  t.match(sim('run', 'node_modules/howdah/scenarios/smoke.yaml'), /Run directory +results\/smoke/);
  t.end();
});
