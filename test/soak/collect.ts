/**
 * Loaded before all else into the processes of a run (`--import`): asked by SIGUSR2, one collects
 * its garbage and says, in a file by its number, what is left in use.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Names the folder of the files, for whoever is to answer. */
export const SIZES = 'HOWDAH_TEST_SIZES';

const folder = process.env[SIZES];
if (folder !== undefined) {
  process.on('SIGUSR2', () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    // What the first frees may have held on to more.
    collect();
    collect();
    const { heapUsed, external } = process.memoryUsage();
    const file = join(folder, String(process.pid));
    writeFileSync(`${file}.part`, String(heapUsed + external));
    renameSync(`${file}.part`, file);
  });
}
