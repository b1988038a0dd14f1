/** The tests that try but some of what they could in `npm test`: all of it here. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Check, Finding } from './check.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
/** What such a test imports. */
const mark = '/length.js\'';

export const tests: Check = (_scale, progress) => {
  const compiled = join(root, 'dist', 'test');
  const files = readdirSync(compiled, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.js'))
    .filter((name) => readFileSync(join(compiled, name), 'utf8').includes(mark))
    .sort();
  return Promise.resolve(files.map((name): Finding => {
    progress(name);
    const { status, stdout } = spawnSync(process.execPath, ['scripts/test.mjs', name], {
      cwd: root, encoding: 'utf8', maxBuffer: 1e8,
      env: { ...process.env, HOWDAH_TESTS: 'long', TAP_TIMEOUT: '3600' },
    });
    const failed = /^not ok .*$/m.exec(stdout);
    return {
      what: `${name}, at length`,
      measured: failed?.[0] ?? (status === 0 ? 'holds' : `exit code ${status}`),
      wanted: 'holds', ok: status === 0,
    };
  }));
};
