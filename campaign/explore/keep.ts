/** A run that breaks a promise, kept so that it can be looked at, replayed and made smaller. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toYaml, type ResolvedScenario } from '../../experiment/scenario/index.js';
import { ProcessError, runSimulation } from '../../sim/index.js';
import { recordRun } from '../record-run.js';

export interface Kept {
  readonly directory: string;
  /** What a directory holds of a run in which a process threw is its scenario only. */
  readonly whole: boolean;
}

/** @throws RunDirectoryError */
export async function keep(
  scenario: ResolvedScenario,
  how: {
    readonly suffix: string;
    readonly plugins: string;
    readonly out: string | undefined;
    /** That makes it again. */
    readonly command: string;
  },
): Promise<Kept> {
  const name = `${scenario.name}-${how.suffix}`;
  const named = { ...scenario, name };
  try {
    const { directory } = await recordRun({
      world: 'sim', scenario: named, plugins: how.plugins, out: how.out, trace: 'messages',
      command: how.command, run: runSimulation,
    });
    return { directory, whole: true };
  } catch (error) {
    if (!(error instanceof ProcessError)) throw error;
    const directory = how.out ?? join('results', name, 'process-failed');
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, 'scenario.yaml'), toYaml(named));
    return { directory, whole: false };
  }
}
