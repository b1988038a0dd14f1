// Runs the compiled tests: `npm test`, or only files whose path contains one of the given texts:
// `node scripts/test.mjs core/overlay`. Node 20 takes no globs after --test, so this finds them.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const wanted = process.argv.slice(2);

const files = readdirSync(join(root, 'dist', 'test'), { recursive: true, encoding: 'utf8' })
  .map((name) => `dist/test/${name.replaceAll('\\', '/')}`)
  .filter((name) => name.endsWith('.test.js') && !name.startsWith('dist/test/soak/'))
  .filter((name) => wanted.length === 0 || wanted.some((text) => name.includes(text)))
  .sort();
if (files.length === 0) {
  console.error(`no test file matches ${wanted.join(', ') || 'dist/test/**/*.test.js'}`);
  process.exit(1);
}

const { status } = spawnSync(
  process.execPath,
  [
    '--enable-source-maps',
    '--test',
    // One more than there are processors: many tests wait for processes of their own.
    `--test-concurrency=${availableParallelism() + 1}`,
    '--test-reporter=./scripts/reporter.mjs',
    ...files,
  ],
  {
    cwd: root,
    stdio: 'inherit',
    // tap gives up on a file after 30 s by default; some of ours simulate for longer.
    env: { TAP_TIMEOUT: '240', ...process.env },
  },
);
process.exit(status ?? 1);
