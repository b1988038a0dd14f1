import { median, type BenchOptions, type BenchResult } from './benchmark.js';
import { runCoresInTurn } from './core-run.js';

const resources = 10_000;
const groups = 100;
const rules = 10;
/** Simulated seconds: in the first ten resources register. */
const marksS = Array.from({ length: 19 }, (_, index) => 10 * (1 + index));

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
duration: ${marksS.at(-1)}s
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

/**
 * What rules on metrics cost: the same run with ten of them, half local, half global, and none,
 * which go on in turn for ten simulated seconds each.
 */
export async function run({ full, progress }: BenchOptions): Promise<BenchResult> {
  const repetitions = full ? 5 : 3;
  const rows: { without: number; with: number; share: number }[] = [];
  for (let repetition = 1; repetition <= repetitions; repetition += 1) {
    progress(`metric-rules, repetition ${repetition} of ${repetitions}`);
    const runs = [0, rules].map((count) => ({ scenario: scenarioOf(count), marksS }));
    const [without, withThem] = await runCoresInTurn(runs);
    rows.push({
      without: median(without.map(({ seconds }) => seconds)),
      with: median(withThem.map(({ seconds }) => seconds)),
      share: median(without.map(({ seconds }, lap) => 1 - seconds / withThem[lap].seconds)),
    });
  }
  return {
    name: 'metric-rules',
    summary:
      `${resources} resources whose metrics change all the time, with ${rules} rules on them, ` +
      'half local, half global, and without.\nSeconds of processor time for ten simulated ones, ' +
      `and the share of the rules: medians of ${marksS.length - 1} laps, run in turn.`,
    columns: [
      { key: 'without', title: 'without rules', digits: 3 },
      { key: 'with', title: `with ${rules}`, digits: 3 },
      { key: 'share', title: 'their share', digits: 3 },
    ],
    rows,
    targets: [{
      what: `share of the run that ${rules} rules cost`, atMost: 0.25,
      measured: median(rows.map(({ share }) => share)),
    }],
  };
}
