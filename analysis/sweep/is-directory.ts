import { existsSync } from 'node:fs';
import { join } from 'node:path';

export function isSweepDirectory(path: string): boolean {
  return ['sweep.yaml', 'manifest.json'].every((name) => existsSync(join(path, name)));
}
