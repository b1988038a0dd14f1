/** Runs the built `sim` as users do. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../cli/main.js', import.meta.url));

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function sim(directory: string, ...words: string[]): Ended {
  const options = { cwd: directory, encoding: 'utf8', maxBuffer: 1e8 } as const;
  return spawnSync(process.execPath, [main, ...words], options);
}

/** Not waited for. */
export function startSim(directory: string, ...words: string[]): ChildProcess {
  return spawn(process.execPath, [main, ...words], { cwd: directory });
}
