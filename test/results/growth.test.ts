/** What docs/sweeps.md says of growth, held to the kept tables. */
import t from 'tap';
import { growths } from '../../analysis/report/sweep/cost-chart.js';
import { sweepData, type SweepData } from '../../analysis/report/sweep/data.js';
import { trends, type Trend } from '../../analysis/report/sweep/trends-chart.js';
import { keptRows, unlessKept } from './kept.js';

function kept(name: string): SweepData {
  const { sweep, rows } = keptRows(name);
  return sweepData(sweep, rows);
}

function exponent(data: SweepData, family: string): { slope: number; halfWidth: number } {
  const { fit } = growths(data).find((growth) => growth.family === family)!;
  const { slope, slopeHalfWidth: halfWidth } = fit.power.line;
  return { slope, halfWidth };
}

function trend(data: SweepData, measure: string): Trend {
  return trends(data).find((one) => one.measure === measure)!;
}

t.test('from a hundred to a hundred thousand resources', unlessKept('scale-resources'), (t) => {
  const data = kept('scale-resources');
  const { slope, halfWidth } = exponent(data, 'resource-*');
  t.ok(Math.abs(slope - 1) + halfWidth <= 0.02, `resource-*: exponent ${slope} +- ${halfWidth}`);
  const managers = exponent(data, 'manager-*');
  t.ok(Math.abs(managers.slope) + managers.halfWidth < 0.01, 'what managers say is the same');
  const { fit } = trend(data, 'recovery.perFault.mean');
  t.ok(Math.abs(fit.slope) < 0.5, `recovery: ${fit.slope} s per tenfold`);
  t.ok(Math.abs(fit.slope) <= fit.slopeHalfWidth, 'none that could be told from chance');
  t.end();
});

t.test('from ten to ten thousand managers', unlessKept('scale-managers'), (t) => {
  const data = kept('scale-managers');
  const { slope, halfWidth } = exponent(data, 'resource-*');
  t.ok(Math.abs(slope - 1) + halfWidth <= 0.02, `resource-*: exponent ${slope} +- ${halfWidth}`);
  const hops = trend(data, 'overlay.hops.mean');
  // A tenfold is log16 10 = 0.83 digits more; each hop sets one right, and some by good luck.
  t.ok(hops.fit.slope - hops.fit.slopeHalfWidth > 0, 'hops grow');
  t.ok(hops.fit.slope + hops.fit.slopeHalfWidth < 1, `${hops.fit.slope} per tenfold`);
  for (const { x, mean } of hops.points) {
    t.ok(mean <= Math.log(x) / Math.log(16) + 1, `${x} managers: ${mean} hops`);
  }
  const recovery = trend(data, 'recovery.perFault.mean').fit;
  t.ok(Math.abs(recovery.slope) < 1.5, `recovery: ${recovery.slope} s per tenfold`);
  t.end();
});
