// Makes the reference results of the sweeps that come along, or of those named:
//   npm run reference -- heartbeat-period
// Options after that, such as --jobs 1, are the sweep's.
// Each gets results/reference/NAME/ with its table, its figures, what they show and the command that
// makes it again.
// To be done when behaviour has changed on purpose: test/results/reference.test.ts holds a part of
// every table to what the code does.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { csvLines, parseCsv } from '../dist/analysis/tables/index.js';
import { loadSweep } from '../dist/checker/scenario.js';
import { madeAnew, marked } from '../dist/test/docs/figures.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const sim = join(root, 'dist', 'cli', 'main.js');
const shipped = readdirSync(join(root, 'scenarios', 'sweeps'))
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => file.replace('.yaml', ''));
const wanted = process.argv.slice(2).filter((word) => /^[a-z]/.test(word));
const options = process.argv.slice(2 + wanted.length);
const unknown = wanted.filter((name) => !shipped.includes(name));
if (unknown.length > 0) {
  console.error(`there is no sweep ${unknown.join(', ')}, known: ${shipped.join(', ')}`);
  process.exit(2);
}

for (const name of wanted.length > 0 ? wanted : shipped) {
  const made = join('results', name, 'reference');
  const words = ['sweep', `scenarios/sweeps/${name}.yaml`, '--out', made];
  const report = ['report', made];
  // Resumed, where an earlier call was cut off; other code starts anew.
  let status = run([...words, ...options, '--resume']);
  if (status === 2) {
    rmSync(join(root, made), { recursive: true, force: true });
    status = run([...words, ...options]);
  }
  if (status !== 0 || run(report) !== 0) {
    console.error(`${name}: not every run kept its promises, no reference was made`);
    process.exit(1);
  }
  const target = join(root, 'results', 'reference', name);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  for (const file of readdirSync(join(root, made))) {
    if (file === 'runs.csv') keep(join(root, made, file), join(target, file));
    else if (file.endsWith('.svg')) copyFileSync(join(root, made, file), join(target, file));
  }
  const { jobs, wallSeconds, node, platform } = JSON.parse(
    readFileSync(join(root, made, 'manifest.json'), 'utf8'),
  );
  const minutes = (wallSeconds / 60).toFixed(1);
  const readme = [
    `# ${name}`,
    '',
    loadSweep(join(root, 'scenarios', 'sweeps', `${name}.yaml`)).description.trim(),
    '',
    '## What it shows',
    '',
    ...marked(`findings of ${name}`),
    '',
    ...readdirSync(target)
      .filter((file) => file.endsWith('.svg'))
      .map((file) => `![${file.replace('.svg', '')}](${file})`),
    '',
    '## How it was made',
    '',
    'By `npm run reference -- ' + name + '`, that is',
    '',
    '```sh',
    ...[words, report].map((one) => `npx --no -- sim ${one.join(' ')}`),
    '```',
    '',
    `It took ${minutes} minutes with ${jobs} jobs (Node ${node}, ${platform}).`,
    '',
  ];
  const { page } = await madeAnew(readme.join('\n'));
  writeFileSync(join(target, 'README.md'), page);
}

/** The table without what is of the engine alone: it may change where no result does. */
function keep(table, target) {
  const rows = parseCsv(readFileSync(table, 'utf8'));
  for (const row of rows) delete row.eventDigest;
  const names = Object.keys(rows[0]);
  const cells = rows.map((row) => names.map((name) => row[name]));
  writeFileSync(target, csvLines([names, ...cells]));
}

/** Run as users do; the exit code. */
function run(words) {
  return spawnSync(process.execPath, [sim, ...words], { cwd: root, stdio: 'inherit' }).status;
}
