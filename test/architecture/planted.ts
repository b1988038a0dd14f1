import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from './sources.js';

const configuration = [
  '.oxlintrc.json',
  '.dependency-cruiser.cjs',
  'tsconfig.json',
  'tsconfig.core.json',
  'package.json',
  'scripts/core-globals.d.ts',
];

/**
 * What one of our tools, `node_modules/<tool>`, says of a checkout that holds our configuration
 * and the given sources, nothing else.
 */
export function verdict(
  files: Readonly<Record<string, string>>,
  tool: string,
  ...options: readonly string[]
): { status: number | null; output: string } {
  const folder = mkdtempSync(join(tmpdir(), 'howdah-planted-'));
  try {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir');
    for (const name of configuration) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      cpSync(join(root, name), join(folder, name));
    }
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(root, 'node_modules', tool), ...options],
      { cwd: folder, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } },
    );
    return { status, output: stdout + stderr };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
