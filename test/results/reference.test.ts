import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { createRecorder } from '../../analysis/index.js';
import { numberName } from '../../analysis/sweep/axis-columns.js';
import { scalarsOf } from '../../analysis/sweep/index.js';
import { parseCsv } from '../../analysis/tables/index.js';
import { deriveBounds } from '../../checker/bounds/index.js';
import { buildInventory } from '../../experiment/inventory.js';
import { loadSweep } from '../../checker/scenario.js';
import type { ResolvedScenario } from '../../experiment/scenario/index.js';
import { scenarioOf, type Sweep } from '../../experiment/sweep/index.js';
import { runSimulation } from '../../sim/index.js';
import { inTime } from '../length.js';

/** Of each sweep the cheapest cells are run again. */
const CELLS_AGAIN = inTime(1, 4);
const sweeps = 'scenarios/sweeps';
const references = 'results/reference';

/** What is not kept, or not any more, says so in the report of the tests. */
const kept = existsSync(references) ? readdirSync(references) : [];
const unlessKept = kept.length > 0 ? {} : { skip: 'no kept tables: npm run reference' };

t.test('every sweep that comes along can be read, and says what it shows', async (t) => {
  const files = readdirSync(sweeps).filter((name) => name.endsWith('.yaml'));
  t.ok(files.length >= 4);
  for (const file of files) {
    const { cells, replications, description } = loadSweep(join(sweeps, file));
    t.ok(cells.length > 1, file);
    t.ok(Number(replications) > 1 || typeof replications === 'object', `${file}: replicated`);
    t.ok((description ?? '').length > 0, `${file}: described`);
  }
});

t.test('each reference is one of a sweep that comes along', unlessKept, async (t) => {
  for (const name of kept) t.ok(existsSync(join(sweeps, `${name}.yaml`)), name);
});

/** The scalars of a run's row, as runs.csv writes them. */
async function again(scenario: ResolvedScenario): Promise<Record<string, string>> {
  const inventory = buildInventory(scenario);
  const recorder = createRecorder(scenario, inventory);
  const result = await runSimulation(scenario, inventory, {
    sinks: recorder.sinks,
    samplePeriodUs: recorder.samplePeriodUs,
    sample: (timeUs, counters) => recorder.sample(timeUs, counters),
    instants: recorder.instants,
    progress: () => true,
  });
  const scalars = Object.entries(scalarsOf(recorder.finish(result).summary));
  return Object.fromEntries(scalars.map(([name, value]) => [name, String(value ?? '')]));
}

function cheapest({ cells }: Sweep): number[] {
  const cost = cells.map(
    ({ scenario }) => deriveBounds(scenario).expected.total * scenario.durationUs,
  );
  return cells
    .map((_, index) => index)
    .sort((a, b) => cost[a] - cost[b])
    .slice(0, CELLS_AGAIN);
}

for (const name of kept) {
  t.test(`${name}: the reference is what the code does`, async (t) => {
    const table = join(references, name, 'runs.csv');
    const remedy = `make it: npm run reference -- ${name}`;
    const rows = parseCsv(readFileSync(table, 'utf8'));
    const sweep = loadSweep(join(sweeps, `${name}.yaml`));
    const paths = sweep.axes.map(({ path }) => path);
    for (const values of sweep.cells.map((cell) => cell.values.join())) {
      const own = rows.filter((row) => paths.map((path) => row[path]).join() === values);
      t.ok(own.length >= 2, `${values}: replicated`);
    }
    for (const cell of cheapest(sweep)) {
      const { values } = sweep.cells[cell];
      const row = rows.find(
        (one) => one['replication'] === '1' && paths.every((path, i) => one[path] === values[i]),
      );
      const scenario = scenarioOf(sweep, cell, 1);
      t.equal(row?.['seed'], String(scenario.seed));
      t.equal(row?.['status'], 'ok');
      const made = await again(scenario);
      const columns = new Set([...Object.keys(row ?? {}), ...Object.keys(made)]);
      // The run's id and eventDigest change with the code, also where results do not.
      const which = ['run_id', 'status', 'seed', 'cell', 'replication', 'eventDigest'];
      for (const column of [...which, ...paths, ...paths.map(numberName)]) columns.delete(column);
      for (const column of columns) {
        const stale = `${values.join(', ')}: ${column} (changed on purpose? ${remedy})`;
        const kept = row?.[column];
        // A column younger than the table counts what did not exist: it may not have occurred.
        if (kept === undefined) t.ok(['', '0'].includes(made[column] ?? ''), stale);
        else t.equal(kept, made[column] ?? '', stale);
      }
    }
  });
}
