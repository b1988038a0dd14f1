/**
 * Does a sweep use both cores? `sim sweep --jobs 2` beside `--jobs 1`, and beside two sweeps with
 * one job each that run at the same time: what those gain is all that the machine has to give, for
 * two processes share its memory, its caches and its clock rate even if they share nothing else.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median, type BenchOptions, type BenchResult } from './benchmark.js';
import { writeFailureRate } from './failure-rate.js';

const sim = fileURLToPath(new URL('../cli/main.js', import.meta.url));
/** So many that the start of each process, whose compiler knows nothing yet, counts for little. */
const cells = { rates: 4, replications: 8 };

/** Seconds, of the clock on the wall. */
interface Round {
  readonly [key: string]: number;
  readonly round: number;
  readonly one: number;
  readonly two: number;
  readonly apart: number;
  /** Of two jobs over one. */
  readonly speedup: number;
  /** Of two independent sweeps over the same two, one after the other. */
  readonly gain: number;
  readonly share: number;
}

export async function run({ full, progress }: BenchOptions): Promise<BenchResult> {
  const directory = mkdtempSync(join(tmpdir(), 'howdah-bench-'));
  const rounds: Round[] = [];
  try {
    writeFailureRate(directory, cells);
    for (let round = 1; round <= (full ? 5 : 3); round += 1) {
      progress(`sweep: round ${round}`);
      rounds.push(await measure(directory, round));
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  return {
    name: 'sweep',
    summary:
      `wall time of ${cells.rates * cells.replications} runs of a shorter failure-rate sweep; ` +
      'gain: of two such sweeps at once, one job each, over one after the other',
    columns: [
      { key: 'round', title: 'round' },
      { key: 'one', title: '1 job, s', digits: 2 },
      { key: 'two', title: '2 jobs, s', digits: 2 },
      { key: 'apart', title: 'two sweeps, s', digits: 2 },
      { key: 'speedup', title: 'speed-up', digits: 2 },
      { key: 'gain', title: 'gain', digits: 2 },
      { key: 'share', title: 'speed-up / gain', digits: 2 },
    ],
    rows: rounds,
    targets: [{
      what: 'speed-up of two jobs, of what two independent sweeps gain',
      atLeast: 0.9,
      measured: median(rounds.map(({ share }) => share)),
    }],
  };
}

/** The three next to each other, so that a change of the machine's mood meets all of them. */
async function measure(directory: string, round: number): Promise<Round> {
  const one = await seconds(directory, ['1']);
  const two = await seconds(directory, ['2']);
  const apart = await seconds(directory, ['1', '1']);
  const speedup = one / two;
  const gain = (2 * one) / apart;
  return { round, one, two, apart, speedup, gain, share: speedup / gain };
}

/** Until all of the sweeps begun together, with so many jobs each, have ended. */
async function seconds(directory: string, jobs: readonly string[]): Promise<number> {
  const from = performance.now();
  const ended = await Promise.all(jobs.map((count, index) => sweep(directory, count, index)));
  const elapsed = (performance.now() - from) / 1000;
  if (ended.some((code) => code !== 0)) throw new Error(`sweeps ended with ${ended.join(', ')}`);
  return elapsed;
}

async function sweep(directory: string, jobs: string, index: number): Promise<number> {
  const out = join(directory, `out-${index}`);
  rmSync(out, { recursive: true, force: true });
  const words = [sim, 'sweep', 'failure-rate.yaml', '--jobs', jobs, '--out', out, '--quiet'];
  const child = spawn(process.execPath, words, { cwd: directory, stdio: 'inherit' });
  const [code] = (await once(child, 'close')) as [number];
  return code;
}
