/** Formulas of docs as lines in charts: the right values, where they hold, and named. */
import { readFileSync } from 'node:fs';
import t from 'tap';
import { costChart } from '../../../analysis/report/sweep/cost-chart.js';
import { inCell, sweepData, type SweepData } from '../../../analysis/report/sweep/data.js';
import { drawnMeasures, measuresChart } from '../../../analysis/report/sweep/measures-chart.js';
import { theoryFindings, theoryOf } from '../../../analysis/report/sweep/theory.js';
import { loadSweep, parseScenario } from '../../../checker/scenario.js';
import { expectedFaults } from '../../../experiment/faults/index.js';
import { buildInventory } from '../../../experiment/inventory.js';
import { keptNames, keptRows } from '../../results/kept.js';

const TIME = 'detection.seconds.mean';
const MESSAGES = 'messages.sentPerSecond';

/** A shipped sweep with made-up runs: twenty seconds, a thousand messages an hour of each cell. */
function made(name: string): SweepData {
  const sweep = loadSweep(`scenarios/sweeps/${name}.yaml`);
  const rows = sweep.cells.map(({ values }, index) => ({
    runId: `r${index}`, status: 'ok' as const, seed: 1, replication: 1, cell: index + 1, values,
    scalars: {
      [TIME]: 20, 'faults.injected': 5, 'overlay.hops.mean': 2,
      'messages.sent': 1000, simulatedSeconds: 3600, warmUpSeconds: 0,
      'availability.managedShare': 1,
    },
  }));
  return sweepData(sweep, rows);
}

function expected(data: SweepData, measure: string): Readonly<Record<string, number>> {
  const values = (theoryOf(data, measure)?.layer({ x: {}, y: {} }) as {
    data: { values: { x: number; variant: string; mean: number }[] };
  } | undefined)?.data.values ?? [];
  return Object.fromEntries(values.map(({ x, variant, mean }) =>
    [`${variant} ${x}`.trim(), Number(mean.toFixed(3))]));
}

t.test('by hand: a fixed timeout of three periods, a look a second or a tenth of it', (t) => {
  const data = made('heartbeat-period');
  // tau - h/2 + d + c/2, with c = h / 10; with losses it does not hold.
  const fixed = [1, 2, 5, 10, 20, 60, 120].map((h): [string, number] =>
    [`loss 0% ${h}`, Number((3 * h - h / 2 + 0.015 + h / 20).toFixed(3))]);
  t.same(expected(data, TIME), Object.fromEntries(fixed));
  // Twice heartbeats of 140 resources and 9 managers, and 10 probes, and those on the ring.
  const messages = expected(data, MESSAGES);
  t.equal(messages['loss 0% 10'], Number((2 * (14 + 0.9 + 1) + 10 / 30).toFixed(3)));
  t.equal(messages['loss 5% 10'], messages['loss 0% 10'], 'loss changes nothing that is due');
  t.end();
});

t.test('phi accrual waits for its mean and 5.61 deviations; names have no line', (t) => {
  const times = expected(made('fixed-and-phi'), TIME);
  const of = (variant: string): number[] => Object.entries(times)
    .filter(([name]) => name.includes(`variant ${variant}`)).map(([, value]) => value);
  t.ok(of('phi').length === 2 && of('fixed').length === 2, 'without losses');
  t.ok(of('phi').every((value) => Math.abs(value - (10 + 5.612 - 5 + 0.5 + 0.04)) < 0.03));
  t.ok(of('fixed').every((value) => Math.abs(value - 25.54) < 0.03));
  t.equal(theoryOf(made('simultaneous-failures'), TIME), null);
  t.equal(theoryOf(made('heartbeat-period'), 'repair.seconds.mean'), null, 'docs have none');
  t.end();
});

t.test('by hand: random faults by the lengths of life and repair, hops by the digits', (t) => {
  const faults = expected(made('failure-rate'), 'faults.injected');
  // Of a lognormal with a median of 10 min and sigma 0.5.
  const repair = 600 * Math.exp(0.125);
  const of = (life: number, watched: number): number =>
    Number(((1000 * watched) / (life + repair)).toFixed(3));
  t.equal(faults[3600], of(3600, 4 * 3600 - 3600), 'a thousand units, without the warm-up');
  t.equal(faults[86_400], of(86_400, 8 * 3600 - 3600));
  t.equal(faults[157_788_000], of(157_788_000, 12 * 86_400 - 3600), 'seven faults in twelve days');
  t.same(expected(made('partition-length'), 'faults.injected'), {}, 'at set times');
  const hops = expected(made('scale-managers'), 'overlay.hops.mean');
  t.equal(hops[10], 1, 'one at least');
  t.equal(hops[10_000], 3.322, 'log16 of ten thousand');
  t.end();
});

t.test('random faults of which the formula says nothing', (t) => {
  const expectedOf = (...faults: string[]): number | null => {
    const scenario = parseScenario(`duration: 10h
system: { managers: 3, resources: [{ kind: service, count: 40, perHost: 2 }] }
faults:\n${faults.map((one) => `  - ${one}`).join('\n')}\n`, 's.yaml');
    return expectedFaults(scenario, buildInventory(scenario), 3_600_000_000);
  };
  const random = (law: string, each: string, more = ', repairAfter: 1h'): string =>
    `{ random: { lifetime: { ${law} } }, crash: { each: ${each} }${more} }`;
  const [hosts, managers] = ['hosts', 'managers'].map((each) => random('exponential: 8h', each));
  t.equal(expectedOf(hosts), 20, '20 hosts, nine hours of nine each');
  t.equal(expectedOf(hosts, managers), 23);
  t.equal(expectedOf(hosts, random('exponential: 8h', 'resources')), null, 'on those hosts');
  t.equal(expectedOf(hosts, hosts), null, 'twice');
  t.equal(expectedOf(random('weibull: { scale: 8h, shape: 2 }', 'hosts')), null, 'new at first');
  t.equal(expectedOf(random('exponential: 8h', 'hosts', '')), null, 'nobody repairs them');
  t.equal(expectedOf(hosts, '{ at: 2h, crash: coordinator }'), null);
  t.end();
});

t.test('charts name the formula and its place, which docs have', (t) => {
  const data = made('heartbeat-period');
  const texts = [measuresChart(data)!, costChart(data)!].map(({ spec, caption }) => {
    t.match(caption, /Grey dashes: what docs expect/);
    return JSON.stringify(spec);
  });
  t.match(texts[0], 'expected: tau - h/2 + d + c/2');
  for (const text of texts) t.match(text, /expected: heartbeats and probes/);
  t.ok(readFileSync('docs/protocol.md', 'utf8').includes('after tau - h/2 + d + c/2'));
  t.match(readFileSync('docs/protocol.md', 'utf8'), /^## Detection$/m);
  t.match(readFileSync('docs/protocol.md', 'utf8'),
    /^## The overlay$[^]+takes log16 N hops in the mean, and one at least[^]+^## /m);
  t.match(readFileSync('docs/writing-scenarios.md', 'utf8'),
    /^## faults$[^]+bring units x time \/ \(lifetime \+ repair\) faults/m);
  t.match(readFileSync('docs/bounds.md', 'utf8'), /^Expected traffic, per second: /m);
  t.equal(theoryFindings(data, [TIME])[0], 'Time to notice a crash, mean: at most 679.7% off ' +
    'what docs expect (0%, 1s): tau - h/2 + d + c/2, docs/protocol.md, Detection.');
  t.match(theoryFindings(made('failure-rate'), ['faults.injected']), [/^Faults injected/]);
  t.end();
});

t.test('what was measured is near to it, in every kept sweep', (t) => {
  let [cells, within] = [0, 0];
  for (const name of keptNames()) {
    const { sweep, rows } = keptRows(name);
    const data = sweepData(sweep, rows);
    const own = [...drawnMeasures(data), ...sweep.report.trends];
    for (const measure of own.filter((one) => /^(detection|faults|overlay)/.test(one))) {
      const values = expected(data, measure);
      for (const cell of data.cells) {
        const value = values[`${cell.variant} ${cell.x}`.trim()];
        const estimate = inCell(cell, measure);
        if (value === undefined || estimate === null) continue;
        const { mean, interval } = estimate;
        cells += 1;
        if (interval !== null && interval.lower <= value && value <= interval.upper) within += 1;
        const off = mean / value - 1;
        // By chance: of five runs with seven faults each, of three with as many routes.
        const near = measure === 'faults.injected' ? 3 / Math.sqrt(5 * value)
          : measure === 'overlay.hops.mean' ? 0.2 : 0.1;
        t.ok(Math.abs(off) < near, `${name}, ${cell.values.join(', ')}: ${mean}, not ${value}`);
      }
    }
  }
  if (cells === 0) t.pass('none is kept', { skip: 'no kept tables: npm run reference' });
  else t.ok(within / cells > 0.8, `${within} of ${cells} intervals hold it`);
  t.end();
});
