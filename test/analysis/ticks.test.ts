import t from 'tap';
import { parse, View } from 'vega';
import { logLabels } from '../../analysis/report/sweep/ticks.js';

/** As Vega writes it beside the axis. */
function labelOf(value: number): string {
  const update = logLabels.replaceAll('datum.value', `(${value})`);
  return new View(parse({ signals: [{ name: 'label', update }] })).run().signal('label') as string;
}

t.test('labels of a logarithmic axis', (t) => {
  const labels: Readonly<Record<string, number>> = {
    '100,000': 100_000, 1: 1, '0.02': 0.02, '0.001': 0.001,
    '5·10⁻⁴': 5e-4, '10⁻⁴': 1e-4, '2·10⁻⁵': 2e-5, '10⁻⁹': 1e-9, '10⁻¹²': 1e-12,
  };
  for (const [label, value] of Object.entries(labels)) t.equal(labelOf(value), label);
  t.end();
});
