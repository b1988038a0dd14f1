/** A sweep that is killed with -9, again and again, and resumed each time: nobody can tell. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { writeFailureRate } from '../../bench/failure-rate.js';
import type { Check } from './check.js';

const sim = fileURLToPath(new URL('../../cli/main.js', import.meta.url));

function words(out: string, ...more: string[]): string[] {
  return [sim, 'sweep', 'failure-rate.yaml', '--jobs', '2', '--out', out, '--quiet', ...more];
}

function finished(directory: string): number {
  const runs = join(directory, 'killed', 'runs');
  if (!existsSync(runs)) return 0;
  return readdirSync(runs).filter((name) => !name.startsWith('.')).length;
}

/** Begins or resumes the sweep, and kills it once a few more runs are there. */
async function killAfter(directory: string, more: number, resume: string[]): Promise<boolean> {
  const from = finished(directory);
  const child = spawn(process.execPath, words('killed', ...resume), { cwd: directory });
  const ended = once(child, 'close');
  while (child.exitCode === null && finished(directory) < from + more) await sleep(5);
  // In the midst of the next one.
  await sleep(200);
  child.kill('SIGKILL');
  await ended;
  return child.signalCode === 'SIGKILL';
}

export const resume: Check = async (scale, progress) => {
  const long = scale === 'long';
  const cells = long ? { rates: 5, replications: 3 } : { rates: 2, replications: 3 };
  const kills = long ? 6 : 2;
  const directory = mkdtempSync(join(tmpdir(), 'howdah-soak-'));
  try {
    writeFailureRate(directory, cells);
    progress('the sweep, uninterrupted');
    spawnSync(process.execPath, words('whole'), { cwd: directory });
    let killed = 0;
    for (let kill = 0; kill < kills; kill += 1) {
      progress(`kill ${kill + 1} of ${kills}`);
      const more = kill === 0 ? [] : ['--resume'];
      if (await killAfter(directory, long ? 2 : 1, more)) killed += 1;
    }
    const kept = finished(directory);
    const { status } = spawnSync(process.execPath, words('killed', '--resume'), { cwd: directory });
    const tables = ['whole', 'killed'].map((out) => readFileSync(join(directory, out, 'runs.csv')));
    const same = tables[0].equals(tables[1]);
    const runs = cells.rates * cells.replications;
    return [{
      what: `${runs} runs of failure-rate, killed with -9 ${kills} times`,
      measured: `killed ${killed} times at up to ${kept} runs, exit ${status}, runs.csv ` +
        `${same ? `the same ${tables[0].length} bytes` : 'differs'}`,
      wanted: 'the runs.csv of an uninterrupted sweep',
      ok: same && killed === kills && kept < runs && status === 0,
    }];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};
