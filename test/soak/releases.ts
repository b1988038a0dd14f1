/** The pinned fingerprints on other releases of Node, which come as packages. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Check, Finding } from './check.js';

const fingerprints = fileURLToPath(new URL('../sim/fingerprints.test.js', import.meta.url));
const root = fileURLToPath(new URL('../../../', import.meta.url));

export const releases: Check = (scale, progress) => {
  const findings = (scale === 'long' ? [20, 22, 24] : [22]).map((major): Finding => {
    progress(`Node ${major}`);
    const what = `pinned fingerprints on Node ${major}`;
    const wanted = 'all the same';
    const directory = mkdtempSync(join(tmpdir(), 'howdah-node-'));
    try {
      const node = nodeOf(major, directory);
      if (node === null) return { what, measured: 'there is no such Node here', wanted, ok: false };
      const { status, stdout } = spawnSync(node, [fingerprints], { cwd: root, encoding: 'utf8' });
      const failed = stdout.match(/^not ok \d+ - .*$/gm) ?? [];
      const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim();
      const same = `the same on ${version}`;
      return { what, measured: status === 0 ? same : failed.join('; '), wanted, ok: status === 0 };
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
  return Promise.resolve(findings);
};

/** The running one, if it is of that release; null: it cannot be had. */
function nodeOf(major: number, directory: string): string | null {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
  const name = `node-${process.platform}-${process.arch}`;
  const words = ['install', '--no-save', '--silent', '--prefix', directory, `${name}@${major}`];
  const { status } = spawnSync('npm', words, { encoding: 'utf8' });
  return status === 0 ? join(directory, 'node_modules', name, 'bin', 'node') : null;
}
