// After tsc: drop output whose source is gone (tsc leaves it behind, and a stale test would go on
// running), make the command executable, and put it where npx looks first.
import { chmodSync, existsSync, lstatSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const output = /(\.d\.ts|\.js|\.js\.map)$/;

for (const name of existsSync(dist) ? readdirSync(dist, { recursive: true }) : []) {
  if (output.test(name) && !existsSync(join(root, name.replace(output, '.ts')))) {
    rmSync(join(dist, name), { force: true });
  }
}

const command = join(dist, 'cli', 'main.js');
if (existsSync(command)) chmodSync(command, 0o755);

// Without these links npx installs the checkout into its cache first, which takes seconds.
for (const name of ['howdah', 'sim']) {
  const link = join(root, 'node_modules', '.bin', name);
  const linked = lstatSync(link, { throwIfNoEntry: false });
  if (!linked && existsSync(join(link, '..')) && process.platform !== 'win32') {
    symlinkSync(join('..', '..', 'dist', 'cli', 'main.js'), link);
  }
}
