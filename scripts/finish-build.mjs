// After tsc: make the command executable, and drop output whose source is gone (tsc leaves it
// behind, and a stale test would go on running).
import { chmodSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const output = /(\.d\.ts|\.js|\.js\.map)$/;

for (const name of existsSync(dist) ? readdirSync(dist, { recursive: true }) : []) {
  if (output.test(name) && !existsSync(join(root, name.replace(output, '.ts')))) {
    rmSync(join(dist, name));
  }
}

const bin = join(dist, 'cli', 'main.js');
if (existsSync(bin)) chmodSync(bin, 0o755);
