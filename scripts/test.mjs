// Runs the compiled tests: `npm test`, or only files whose path contains one of the given texts:
// `node scripts/test.mjs core/overlay`. Node 20 takes no globs after --test, so this finds them.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const wanted = process.argv.slice(2);

/**
 * Folders whose tests share processes, for to load the program and tap takes longer than most of
 * them. They change nothing of their process that another would notice.
 */
const sharing = [
  'analysis', 'campaign/explore', 'checker', 'core', 'experiment', 'explore', 'results', 'sim',
];
const mostPerProcess = 10;

const files = readdirSync(join(root, 'dist', 'test'), { recursive: true, encoding: 'utf8' })
  .map((name) => `dist/test/${name.replaceAll('\\', '/')}`)
  .filter((name) => name.endsWith('.test.js') && !name.startsWith('dist/test/soak/'))
  .filter((name) => wanted.length === 0 || wanted.some((text) => name.includes(text)))
  .sort();
if (files.length === 0) {
  console.error(`no test file matches ${wanted.join(', ') || 'dist/test/**/*.test.js'}`);
  process.exit(1);
}

const folderOf = (file) => sharing.find((folder) => file.startsWith(`dist/test/${folder}/`));

/** Dealt like cards, since neighbours often last as long as each other. */
function deal(folder) {
  const own = files.filter((file) => folderOf(file) === folder);
  const hands = Math.ceil(own.length / mostPerProcess);
  return Array.from({ length: hands }, (_, hand) =>
    own.filter((__, index) => index % hands === hand));
}

// A process each, in this order: those that start others last longest, and whoever ends last holds
// up all.
const groups = [
  ...files.filter((file) => !folderOf(file)).map((file) => [file]),
  ...sharing.flatMap(deal),
];
const directory = mkdtempSync(join(tmpdir(), 'howdah-tests-'));
// The runner takes files by their names' order.
const modules = groups.map((group, index) => {
  const path = join(directory, `${String(index).padStart(3, '0')}.mjs`);
  const imports = group.map((file) => `import '${pathToFileURL(join(root, file)).href}';\n`);
  writeFileSync(path, imports.join(''));
  return path;
});

const { status } = spawnSync(
  process.execPath,
  [
    '--enable-source-maps',
    '--test',
    // One more than there are processors: many tests wait for processes of their own.
    `--test-concurrency=${availableParallelism() + 1}`,
    '--test-reporter=./scripts/reporter.mjs',
    ...modules,
  ],
  {
    cwd: root,
    stdio: 'inherit',
    // tap gives up on a process after 30 s by default; some of ours simulate for longer.
    env: { TAP_TIMEOUT: '600', ...process.env },
  },
);
rmSync(directory, { recursive: true, force: true });
process.exit(status ?? 1);
