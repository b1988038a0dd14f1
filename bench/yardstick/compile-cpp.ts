import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface CppProgram {
  /** Runs it, with `input` on its standard input; returns what it printed. */
  run(args: readonly string[], input: string): string;
  remove(): void;
}

/**
 * Compiles `bench/yardstick/<name>.cpp` with g++ -O3 into a directory of its own.
 *
 * @returns null where there is no g++: yardsticks in C++ are then left out
 */
export function compileCpp(name: string): CppProgram | null {
  // From dist/bench/yardstick, where this runs, to the sources.
  const source = fileURLToPath(new URL(`../../../bench/yardstick/${name}.cpp`, import.meta.url));
  const directory = mkdtempSync(join(tmpdir(), 'howdah-bench-'));
  const binary = join(directory, name);
  const remove = (): void => rmSync(directory, { recursive: true, force: true });
  const compiled = spawnSync('g++', ['-O3', '-o', binary, source], { encoding: 'utf8' });
  if (compiled.error !== undefined) {
    remove();
    return null;
  }
  if (compiled.status !== 0) {
    remove();
    throw new Error(`g++ does not compile ${source}:\n${compiled.stderr}`);
  }
  return {
    remove,
    run(args, input) {
      const ran = spawnSync(binary, args, { encoding: 'utf8', input });
      if (ran.status !== 0) throw new Error(`${name} failed: ${ran.stderr}`);
      return ran.stdout;
    },
  };
}
