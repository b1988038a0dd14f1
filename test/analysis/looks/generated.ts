/** Sweeps of every shape that a report may meet, drawn by number. */
import { writeRunDirectory } from '../../../analysis/index.js';
import { scalarsOf, SweepDirectory, type SweepRow } from '../../../analysis/sweep/index.js';
import { draw, streamKey } from '../../../experiment/random/streams.js';
import { stringify } from 'yaml';
import { syntheticRun } from '../synthetic.js';

interface DrawnAxis {
  readonly path: string;
  readonly values: readonly string[];
}

const axes: readonly DrawnAxis[] = [
  { path: 'network.loss', values: ['0%', '1%', '2%', '5%', '10%', '20%'] },
  { path: 'system.managers', values: ['3', '10', '30', '100', '300', '1000', '3000', '10000'] },
  { path: 'coordination.resources.heartbeatPeriod', values: ['500ms', '2s', '10s', '1m', '2h'] },
  { path: 'coordination.detection', values: ['fixed', 'phi-accrual', 'a-detector-of-ones-own'] },
  { path: 'coordination.assignment', values: ['least-loaded', 'consistent-hashing'] },
  { path: 'network.latency.lognormal.sigma', values: ['0.1', '0.2', '0.3', '0.4'] },
];
const measures = [
  'detection.seconds.mean', 'detection.seconds.p95', 'detection.falsePositives',
  'recovery.perFault.mean', 'availability.unmanagedShare', 'messages.sentPerSecond',
  'elections.roleChanges', 'repair.unrepaired', 'moves.balance', 'messages.bytes',
];
/** Episodes with their tables are slow to write: runs share so many. */
const RECORDS = 4;

const manifest = {
  version: '0.0.0', node: 'v20', platform: 'test', wallSeconds: 1, peakMemoryBytes: 1e8,
  command: 'sim run scenario.yaml',
};

/**
 * @param most - runs at most
 * @param each - replications of a cell at most
 */
export function makeGenerated(path: string, seed: number, most: number, each = 12): void {
  const key = streamKey(seed, 'looks');
  let drawn = 0;
  const uniform = (): number => draw(key, drawn++);
  const below = (count: number): number => Math.floor(uniform() * count);
  const some = <One>(all: readonly One[], count: number): One[] => {
    const left = [...all];
    return Array.from({ length: count }, () => left.splice(below(left.length), 1)[0]);
  };
  const chosen = some(axes, 1 + below(3)).map(({ path: name, values }) => {
    const first = below(values.length - 1);
    return { path: name, values: values.slice(first, first + 2 + below(values.length - first)) };
  });
  const cells = chosen.reduce<string[][]>((all, { values }) =>
    all.flatMap((cell) => values.map((value) => [...cell, value])), [[]]);
  const replications = Math.max(1, Math.min(each, Math.floor(most / cells.length)));
  const own = some(measures, 1 + below(5));
  const report = {
    measures: own,
    trends: own.slice(0, below(3)),
    ...(own.length > 1 && uniform() < 0.7 ? { tradeoff: { x: own[0], y: own[1] } } : {}),
  };
  const records = Array.from({ length: RECORDS }, (_, index) => syntheticRun({
    durationSeconds: 7200, episodes: [0, 1, 6, 20][index], resourceFaults: 3, samples: 5,
  }));
  const directory = SweepDirectory.open(path, 'id', null);
  const rows: SweepRow[] = [];
  for (const [cell, values] of cells.slice(0, most).entries()) {
    const level = 10 ** (4 * uniform() - 2);
    for (let replication = 1; replication <= replications; replication += 1) {
      const runId = `r${cell}-${replication}`;
      const row = { runId, seed: replication, replication, values, cell: cell + 1 };
      if (uniform() < 0.03) {
        rows.push({ ...row, status: 'crashed', scalars: {} });
        continue;
      }
      const record = records[below(RECORDS)];
      const size = (): number => level * (0.5 + uniform());
      const scalars = {
        ...scalarsOf(record.summary),
        'detection.seconds.mean': uniform() < 0.05 ? null : size(),
        'detection.seconds.p95': 2 * size(),
        'detection.falsePositives': uniform() < 0.5 ? 0 : Math.round(size()),
        'recovery.perFault.mean': 20 + uniform(),
        'availability.managedShare': 1 - 0.01 * uniform() ** 4,
        'messages.sent': Math.round(1e5 * size()),
        'messages.bytes': Math.round(1e7 * size()),
        'elections.roleChanges': below(3),
        'repair.unrepaired': 0,
        'moves.balance': Math.round(size()),
      };
      rows.push({ ...row, status: uniform() < 0.02 ? 'broken' : 'ok', scalars });
      writeRunDirectory(directory.run(runId), record, { scenarioYaml: 'name: s\n', manifest });
    }
  }
  directory.writeSweep(stringify({
    name: `generated-${seed}`, description: 'Whatever may come.', base: { duration: '2h' },
    vary: Object.fromEntries(chosen.map(({ path: name, values }) => [name, values])),
    replications, report,
  }));
  directory.writeRuns(chosen, rows);
  directory.writeManifest({
    sweep: 'id', shard: null, complete: true, version: '0', node: 'v20', platform: 'test',
    command: 'sim sweep generated.yaml',
  });
  directory.close();
}
