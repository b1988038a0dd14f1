/** Defects sown into core: each is found by an exploration, and its schedule made small. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defects, type Defect } from '../explore/defects.js';
import { patched } from '../explore/patched.js';
import type { Check, Finding } from './check.js';

const scenarios = fileURLToPath(new URL('../../../scenarios/', import.meta.url));
const seeds = 200;
/** The median over the defects of the faults that are left. */
const mostFaults = 3;

export interface Caught {
  readonly seed: number;
  readonly invariant: string;
  readonly faults: number;
}

/** Null: none of the seeds found it. */
export function hunt(defect: Defect): Caught | null {
  const program = patched(defect);
  const directory = mkdtempSync(join(tmpdir(), 'howdah-hunt-'));
  const found = join(directory, 'found');
  const scenario = join(scenarios, defect.scenario ?? 'swarm.yaml');
  try {
    const { status, output } = sim(program.main, [
      'explore', scenario, '--seeds', String(seeds), '--out', found, '--json',
      '--settings', defect.settings ?? 'given',
    ]);
    if (status === 0) return null;
    const { found: { seed } } = JSON.parse(output) as { found: { seed: number } };
    const small = sim(program.main, ['shrink', found, '--out', join(directory, 'small'), '--json']);
    const { failure, faults } = JSON.parse(small.output) as {
      failure: { invariant: string }; faults: { after: number };
    };
    // The healing is no fault.
    return { seed, invariant: failure.invariant, faults: faults.after };
  } finally {
    program.remove();
    rmSync(directory, { recursive: true, force: true });
  }
}

function sim(main: string, args: readonly string[]): { status: number; output: string } {
  const ran = spawnSync(process.execPath, [main, ...args], {
    encoding: 'utf8', maxBuffer: 1 << 26,
  });
  if (ran.status !== 0 && ran.status !== 1) {
    throw new Error(`sim ${args[0]} ended with ${ran.status}: ${ran.stderr}`);
  }
  return { status: ran.status, output: ran.stdout };
}

export const sownDefects: Check = (_scale, progress) => {
  const findings: Finding[] = [];
  const sizes: number[] = [];
  for (const defect of defects) {
    progress(defect.name);
    const caught = hunt(defect);
    if (caught !== null) sizes.push(caught.faults);
    findings.push({
      what: defect.name,
      measured: caught === null
        ? `not found in ${seeds} seeds`
        : `seed ${caught.seed}: ${caught.invariant}, ${caught.faults} faults left`,
      wanted: `found in ${seeds} seeds`,
      ok: caught !== null,
    });
  }
  sizes.sort((a, b) => a - b);
  const median = sizes[Math.floor(sizes.length / 2)] ?? Infinity;
  findings.push({
    what: 'faults left, in the median of the defects',
    measured: String(median),
    wanted: `at most ${mostFaults}`,
    ok: median <= mostFaults,
  });
  return Promise.resolve(findings);
};
