/** A made-up sweep of two axes, with all that a report asks for. */
import { writeRunDirectory } from '../../analysis/index.js';
import { scalarsOf, SweepDirectory, type SweepRow } from '../../analysis/sweep/index.js';
import { syntheticRun } from './synthetic.js';

export const sizes = [10, 100, 1000, 10000];
export const losses = ['0%', '5%'];
export const axes = [
  { path: 'network.loss', values: losses },
  { path: 'system.managers', values: sizes.map(String) },
];
const manifest = {
  version: '0.0.0',
  node: 'v20',
  platform: 'test',
  wallSeconds: 1,
  peakMemoryBytes: 1e8,
  command: 'sim run scenario.yaml',
};
const yaml = `name: synthetic
description: What a bad afternoon <does> to more and more.
base: { duration: 2h, system: { managers: 3 } }
vary:
  network.loss: [0%, 5%]
  system.managers: [10, 100, 1000, 10000]
replications: 3
report:
  measures: [detection.seconds.mean, messages.sentPerSecond, availability.unmanagedShare]
  tradeoff: { x: messages.sentPerSecond, y: detection.seconds.mean }
  trends: [overlay.hops.mean, detection.seconds.mean]
`;

/** Twelve seconds to notice, at any size; messages in proportion; a run that crashed. */
export function makeReportSweep(path: string): void {
  const directory = SweepDirectory.open(path, 'id', null);
  const rows: SweepRow[] = [];
  for (const loss of losses) {
    for (const size of sizes) {
      for (const replication of [1, 2, 3]) {
        const runId = `r-${loss.slice(0, 1)}-${size}-${replication}`;
        const cell = losses.indexOf(loss) * sizes.length + sizes.indexOf(size) + 1;
        const values = [loss, String(size)];
        const row = { runId, seed: replication, replication, values, cell };
        if (replication === 3 && size === 100) {
          rows.push({ ...row, status: 'crashed', scalars: {} });
          continue;
        }
        const shape = { durationSeconds: 7200, episodes: 3, resourceFaults: 5, samples: 20 };
        const record = syntheticRun(shape);
        const own = {
          ...scalarsOf(record.summary),
          'messages.sent': 7000 * size * (1 + 0.01 * replication),
          'messages.byType.resource-heartbeat.sent': 5000 * size,
          'messages.byType.manager-heartbeat.sent': 300 * Math.sqrt(size),
          'detection.seconds.mean': 12 + replication,
        };
        rows.push({ ...row, status: 'ok', scalars: own });
        writeRunDirectory(directory.run(runId), record, { scenarioYaml: 'name: s\n', manifest });
      }
    }
  }
  directory.writeSweep(yaml);
  directory.writeRuns(axes, rows);
  directory.writeManifest({ sweep: 'id', shard: null, complete: true, command: 'sim sweep <s>' });
}
