/** Whatever users get wrong: one message with place and remedy, its exit code, nothing written. */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import t from 'tap';
import { badInputs, good, goodSweep, type BadInput, type Damage } from './bad-inputs.js';
import { simHere } from './in-process.js';

/** Every file below, with what is in it. */
function contentOf(directory: string): Record<string, string> {
  const names = fs.readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort();
  return Object.fromEntries(names.map((name) => {
    const path = join(directory, name);
    const isFile = fs.lstatSync(path).isFile();
    return [name, isFile ? createHash('sha256').update(fs.readFileSync(path)).digest('hex') : ''];
  }));
}

function write(directory: string, files: BadInput['files'] = {}): void {
  for (const [name, content] of Object.entries(files)) {
    fs.mkdirSync(dirname(join(directory, name)), { recursive: true });
    fs.writeFileSync(join(directory, name), content);
  }
}

function damageIn(directory: string): (name: string) => Damage {
  return (name) => {
    const path = join(directory, name);
    return {
      cut: (bytes: number) => fs.truncateSync(path, bytes),
      write: (text: string) => fs.writeFileSync(path, text),
      remove: () => fs.rmSync(path),
    };
  };
}

t.test('bad inputs', async (t) => {
  t.ok(badInputs.length >= 60, `${badInputs.length} of them`);
  const made = t.testdir({ 's.yaml': good, 'w.yaml': goodSweep });
  t.equal((await simHere(made, 'run', 's.yaml', '--out', 'run')).status, 0);
  t.equal((await simHere(made, 'sweep', 'w.yaml', '--out', 'sweep', '--jobs', '1')).status, 0);
  for (const { what, words, files, says, exit = 2, after, damage } of badInputs) {
    await t.test(what, async (t) => {
      const directory = t.testdir();
      if (after !== undefined) fs.cpSync(made, directory, { recursive: true });
      write(directory, files);
      damage?.(damageIn(directory));
      const before = contentOf(directory);
      const { status, stdout, stderr } = await simHere(directory, ...words);
      t.equal(status, exit, stderr);
      const [message, ...rest] = stderr.trimEnd().split('\n');
      t.match(message, says);
      // Below the message of a rule stand its line and a caret.
      if (!/^ +\^$/.test(rest[1] ?? '')) t.same(rest, [], 'one line');
      t.notMatch(stderr, /\n +at |defect|undefined|NaN|\[object/);
      t.equal(stdout, '');
      t.same(contentOf(directory), before, 'nothing is written');
      const asked = await simHere(directory, ...words, '--json');
      t.equal(asked.status, exit);
      t.equal(asked.stdout, '');
      const { error } = JSON.parse(asked.stderr) as { error: { message: string } };
      t.match(error, { message: stderr.trimEnd(), exitCode: exit });
    });
  }
});
