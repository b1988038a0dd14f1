/** How far one more of a kind reaches: it is added, checked, built and run in a copy. */
import { spawnSync } from 'node:child_process';
import {
  cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import ts from 'typescript';
import type { Addition, Summary } from './additions/addition.js';
import { assignment } from './additions/assignment.js';
import { command } from './additions/command.js';
import { detector } from './additions/detector.js';
import { election } from './additions/election.js';
import { fault } from './additions/fault.js';
import { field } from './additions/field.js';
import { impairment } from './additions/impairment.js';
import { invariant } from './additions/invariant.js';
import { measure } from './additions/measure.js';
import { message } from './additions/message.js';
import { overlay } from './additions/overlay.js';
import { verb } from './additions/verb.js';
import { root } from './sources.js';

const additions: readonly Addition[] = [
  message, assignment, detector, election, overlay, invariant, fault, impairment, measure, field,
  verb, command,
];
/** All that is checked, in one go for all additions. */
const rooms = ['core', 'experiment', 'checker', 'analysis', 'sim', 'live', 'campaign', 'cli'];

function copy(): string {
  const folder = mkdtempSync(join(tmpdir(), 'howdah-addition-'));
  const files = ['package.json', 'tsconfig.json', 'index.ts', 'scripts', ...rooms, 'dist'];
  for (const path of files) cpSync(join(root, path), join(folder, path), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir');
  return folder;
}

function apply(folder: string, { changes }: Addition): void {
  for (const { file, before = '', put } of changes) {
    const path = join(folder, file);
    const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
    const places = before === '' ? 1 : text.split(before).length - 1;
    if (places !== 1) throw new Error(`${file} has ${places} places before ${before}`);
    writeFileSync(path, before === '' ? put : text.replace(before, () => put + before));
  }
}

/** Made by scripts/generate-sizes.mjs of what is there. */
const generated = 'core/wire/sizes.ts';

/** Each file as by itself, which our sources allow (`isolatedModules`); the rest is built. */
function build(folder: string, files: Iterable<string>): void {
  const { ESNext: module } = ts.ModuleKind;
  const compilerOptions = { module, target: ts.ScriptTarget.ES2022, verbatimModuleSyntax: true };
  for (const file of files) {
    const source = readFileSync(join(folder, file), 'utf8');
    const { outputText } = ts.transpileModule(source, { compilerOptions });
    writeFileSync(join(folder, 'dist', file.replace(/ts$/, 'js')), outputText);
  }
}

/** All in one process, since to load the program takes longer than to run them. */
const program = `
import { run } from './dist/index.js';
const summaries = [];
for (const text of ${JSON.stringify(additions.map(({ scenario }) => scenario ?? null))}) {
  summaries.push(text === null ? null : (await run({ scenario: { text } })).summary);
}
console.log(JSON.stringify(summaries));
`;

t.test('one more of each is built, and at work', async (t) => {
  const folder = copy();
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const run = (program: string, ...words: string[]) => {
    const { status, stdout, stderr } = spawnSync(program, words, {
      cwd: folder, encoding: 'utf8',
    });
    return { status, stdout, output: stdout + stderr };
  };
  for (const addition of additions) {
    const files = new Set(addition.changes.map(({ file }) => file));
    files.delete(addition.own);
    const { name, mayTouch = 1 } = addition;
    t.ok(files.size <= mayTouch, `${name} touches ${[...files].join(', ')}`);
    apply(folder, addition);
  }
  const prepared = run(process.execPath, 'scripts/generate-sizes.mjs');
  t.equal(prepared.status, 0, prepared.output);
  // The linter's type checker takes a tenth of the compiler's time.
  writeFileSync(join(folder, '.oxlintrc.json'), '{ "categories": { "correctness": "off" } }');
  const lint = ['node_modules/oxlint/bin/oxlint', '--type-aware', '--type-check'];
  const checked = run(process.execPath, ...lint, 'index.ts', ...rooms);
  t.equal(checked.status, 0, checked.output);
  build(folder, new Set([generated, ...additions.flatMap(({ changes }) =>
    changes.map(({ file }) => file))]));
  writeFileSync(join(folder, 'run.mjs'), program);
  const done = run(process.execPath, 'run.mjs');
  t.equal(done.status, 0, done.output);
  const summaries = JSON.parse(done.stdout) as readonly (Summary | null)[];
  for (const [index, { name, works, command, prints }] of additions.entries()) {
    const summary = summaries[index];
    if (summary !== null) t.ok(summary.final.healthy && works!(summary), name);
    if (command === undefined) continue;
    t.equal(run(process.execPath, 'dist/cli/main.js', command).stdout, prints, name);
  }
});
