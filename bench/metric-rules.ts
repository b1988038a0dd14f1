import { median, type BenchOptions, type BenchResult } from './benchmark.js';
import { runCore } from './core-run.js';

const resources = 10_000;
const groups = 100;
const rules = 10;
/** Simulated seconds: the first in which resources register, and all. */
const startS = 10;
const endS = 190;

/** Metrics that change with every heartbeat, and rules that read them and hardly ever hold. */
function scenarioOf(count: number): string {
  const services = Array.from({ length: groups }, (_, group) =>
    `{ kind: service, count: ${resources / groups}, perHost: 10, labels: { group: g${group} } }`);
  const limit = (index: number): string => (0.95 + index / 1_000).toFixed(3);
  const lines = Array.from({ length: count }, (_, index) => index % 2 === 0
    ? `{ name: one-${index}, scope: local, notify: entity.name,
         when: 'entity.metrics.load > ${limit(index)} && entity.state == "up"' }`
    : `{ name: all-${index}, scope: global, group: entity.labels.group, notify: group.name,
         when: group.mean.load > ${limit(index)} }`);
  return `
name: metric-rules
duration: ${endS}s
system:
  managers: ${resources / 100}
  resources: [${services.join(', ')}]
  kinds:
    service:
      metrics: { load: { mean: 0.5, deviation: 0.08, reversion: 20s, resolution: 0.05 } }
network: { latency: { uniform: { low: 20ms, high: 80ms } } }
rules:
  - file: rules.yaml
    text: |
      rules: [${lines.join(', ').replaceAll(/\n */g, ' ')}]
invariants: all
`;
}

/** What rules on metrics cost: the same run with ten of them, half local, half global, and none. */
export function run({ full, progress }: BenchOptions): BenchResult {
  const rows = Array.from({ length: full ? 5 : 3 }, (_, repetition) => {
    const [without, withThem] = [0, rules].map((count) => {
      progress(`metric-rules, repetition ${repetition + 1}, ${count} rules`);
      const { laps } = runCore({ scenario: scenarioOf(count), marksS: [startS, endS] });
      return laps[0].seconds;
    });
    return { without, with: withThem, share: 1 - without / withThem };
  });
  return {
    name: 'metric-rules',
    summary:
      `${resources} resources whose metrics change all the time, with ${rules} rules on them, ` +
      `half local, half global, and without.\nSeconds of processor time for ${endS - startS} ` +
      'simulated ones.',
    columns: [
      { key: 'without', title: 'without rules', digits: 2 },
      { key: 'with', title: `with ${rules}`, digits: 2 },
      { key: 'share', title: 'their share', digits: 3 },
    ],
    rows,
    targets: [{
      what: `share of the run that ${rules} rules cost`, atMost: 0.25,
      measured: median(rows.map(({ share }) => share)),
    }],
  };
}
