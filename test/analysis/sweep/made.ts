/** A finished sweep of made-up runs. */
import { writeRunDirectory, type RunRecord } from '../../../analysis/index.js';
import { scalarsOf, SweepDirectory, type SweepRow } from '../../../analysis/sweep/index.js';
import { syntheticRun } from '../synthetic.js';

export const manifest = {
  version: '0', node: 'v20', platform: 'test', wallSeconds: 1, peakMemoryBytes: 1, command: 'sim',
};
export const axes = [
  { path: 'coordination.resources.heartbeatPeriod', values: ['500ms', '1m'] },
  { path: 'faults[0].kind, "quoted"', values: ['a "b", c', '0.5%'] },
  { path: 'faults', values: ['none', 'all'] },
];

export interface Made {
  readonly path: string;
  readonly rows: readonly SweepRow[];
}

/**
 * Eight runs, one of them crashed and one twice in the design.
 *
 * @param order - in which the runs finish
 */
export async function makeSweep(
  path: string, order: (ids: number[]) => number[] = (ids) => ids,
): Promise<Made> {
  const directory = SweepDirectory.open(path, 'id', null);
  const rows: SweepRow[] = [];
  const records = new Map<number, RunRecord>();
  for (let index = 0; index < 8; index += 1) {
    const shape = {
      durationSeconds: 600 + index, episodes: 3 + (index % 2), resourceFaults: 4, samples: 5,
    };
    const record = syntheticRun(shape);
    const crashed = index === 5;
    if (!crashed) records.set(index, record);
    rows.push({
      runId: index === 7 ? 'run-6' : `run-${index}`,
      status: crashed ? 'crashed' : 'ok',
      seed: 100 + (index % 4), replication: 1, cell: index + 1,
      values: axes.map(({ values }, axis) => values[(index >> (2 - axis)) & 1]),
      scalars: crashed ? {} : scalarsOf(record.summary),
    });
  }
  for (const index of order([...records.keys()])) {
    const target = directory.run(`run-${index}`);
    writeRunDirectory(target, records.get(index)!, { scenarioYaml: `${index}\n`, manifest });
  }
  directory.writeSweep('name: s\n');
  directory.writeManifest({ sweep: 'id', shard: null, complete: true });
  directory.writeRuns(axes, rows);
  await directory.writeTables(axes, rows, () => false);
  directory.writeManifest({ sweep: 'id', shard: null, complete: true });
  directory.close();
  return { path, rows };
}
