/** The configuration that all cells of a sweep share. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SweepDirectory } from '../../sweep/index.js';
import { configurationOf } from '../configuration.js';
import type { SweepData } from './data.js';

/** Settings with their values; `varied` where cells differ. @param scenarioOf - YAML of a run */
export function commonSettings(
  { cells }: SweepData, scenarioOf: (runId: string) => string,
): (readonly [path: string, value: string])[] {
  const values = new Map<string, Set<string>>();
  const times = new Map<string, number>();
  let scenarios = 0;
  for (const { rows } of cells) {
    if (rows.length === 0) continue;
    scenarios += 1;
    for (const [path, value] of configurationOf(scenarioOf(rows[0].runId)).settings) {
      values.set(path, (values.get(path) ?? new Set()).add(value));
      times.set(path, (times.get(path) ?? 0) + 1);
    }
  }
  return [...values].map(([path, all]) => {
    const value = all.size === 1 ? [...all][0] : 'varied';
    // As the threshold of a detector that only some cells have.
    return [path, times.get(path) === scenarios ? value : `${value}, in some cells`];
  });
}

/** The same, by what its runs keep. */
export function settingsOf(directory: SweepDirectory, data: SweepData) {
  return commonSettings(data, (runId) =>
    readFileSync(join(directory.run(runId), 'scenario.yaml'), 'utf8'));
}
