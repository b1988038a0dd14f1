import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { SweepDirectory } from '../../analysis/sweep/index.js';
import { Ledger } from '../../campaign/sweep/ledger.js';
import { simHere } from '../cli/in-process.js';
import { loadSweep } from '../../checker/scenario.js';

/** Of a sweep with so many runs: what opening its books costs, and closing one run in them. */
function books(t: Tap, replications: number): { openMs: number; endMs: number } {
  const path = join(t.testdir(), 's.yaml');
  const base = '{ duration: 1m, system: { managers: 2 } }';
  const rest = `vary: { network.loss: [0, 1%] }\nreplications: ${replications}`;
  writeFileSync(path, `base: ${base}\n${rest}`);
  const begun = performance.now();
  const sweep = loadSweep(path);
  const directory = SweepDirectory.open(join(t.testdir(), 'out'), 'id', null);
  const plugins = { files: [], hash: '' };
  const ledger = new Ledger({ sweep, code: 'c', directory, shard: null, plugins, command: '' });
  const opened = performance.now();
  for (let ends = 0; ends < ENDS; ends += 1) {
    const task = ledger.next()!;
    ledger.progress(task.runId, 0.5);
    ledger.end(task.runId, 'as told');
    ledger.done();
  }
  t.equal(ledger.done().of, 2 * replications);
  t.match(ledger.done(), { runs: ENDS, crashed: ENDS });
  directory.close();
  return { openMs: opened - begun, endMs: (performance.now() - opened) / ENDS };
}
const ENDS = 100;
interface Tap {
  testdir(): string;
  equal(found: unknown, wanted: unknown): void;
  match(found: unknown, wanted: unknown): void;
}

t.test('10,000 runs begin in seconds, and a run that ends costs the same among many', (t) => {
  books(t, 50);
  const few = books(t, 500);
  const many = books(t, 5000);
  // Ten times the runs: ten times the time, with a wide margin for machines that do other things.
  t.ok(many.openMs < 40 * few.openMs + 500, `opened in ${few.openMs} and ${many.openMs} ms`);
  t.ok(many.endMs < 4 * few.endMs + 2, `ended in ${few.endMs} and ${many.endMs} ms`);
  t.end();
});

t.test('how much each axis matters is told after a screening', async (t) => {
  const directory = t.testdir({
    's.yaml': `
base: { duration: 1m, system: { managers: 2 }, measure: { samples: 5 } }
replications: 1
design: { morris: { trajectories: 2 } }
vary: { system.managers: [1, 2], network.loss: { from: 0%, to: 1%, steps: 2 } }
report: { measures: [messages.sent] }
`,
  });
  const words = ['sweep', 's.yaml', '--out', 'out', '--jobs', '1'];
  const { status, stdout } = await simHere(directory, ...words, '--json');
  t.equal(status, 0);
  const { effects } = JSON.parse(stdout) as { effects: { axis: string; meanAbsolute: number }[] };
  t.match(effects, [{ measure: 'messages.sent', axis: 'system.managers', count: 2 }, {}]);
  t.ok(effects[0].meanAbsolute > effects[1].meanAbsolute);
  const told = await simHere(directory, ...words, '--resume');
  t.match(told.stdout, /Elementary effects, per whole length of the axis\n.*\n.*system\.managers/);
});
