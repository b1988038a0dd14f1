/**
 * Figures that docs show, made by what they are said to come from. A page marks them by
 * `<!-- figures: NAME -->` and `<!-- end of figures -->`; what stands between is made here.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RunRecord } from '../../analysis/index.js';
import { durationsOf, fitDurations } from '../../analysis/fit/index.js';
import { managedChart } from '../../analysis/report/managed-chart.js';
import { renderSvg, svgFile } from '../../analysis/report/render.js';
import { tableCharts } from '../../analysis/report/sweep/charts.js';
import { pairedDifference, unpairedDifference } from '../../analysis/statistics/differences.js';
import { measureIn } from '../../analysis/sweep/measures.js';
import { sweepData } from '../../analysis/report/sweep/data.js';
import { memoryBudget } from '../../bench/memory.js';
import { deriveBounds } from '../../checker/bounds/index.js';
import { loadScenario } from '../../checker/scenario.js';
import { readTrace } from '../../experiment/traces/index.js';
import { conductOf } from '../cases/one-way.js';
import { dataFile } from '../data.js';
import { keptNames, keptRows } from '../results/kept.js';
import { phiAccrual } from '../soak/phi-accrual.js';
import { simulate } from '../soak/simulate.js';

let thousand: Promise<RunRecord> | undefined;

/** The run that docs show more than once. */
function thousandNodes(): Promise<RunRecord> {
  thousand ??= simulate(loadScenario('scenarios/1000-nodes.yaml')).then(({ record }) => record);
  return thousand;
}

export const picture = 'docs/1000-nodes.svg';

/** That file: what `sim report` draws of the README's run. */
export async function pictureAnew(): Promise<string> {
  const { summary, timeseries, faults } = await thousandNodes();
  return svgFile(await renderSvg(managedChart(summary, timeseries, [...faults])));
}

/** By name: the lines between the marks; null: what they are made of is not on this machine. */
export const figures: Readonly<Record<string, () => Promise<string[] | null>>> = {
  'allowances of 1000-nodes': () => {
    const bounds = deriveBounds(loadScenario('scenarios/1000-nodes.yaml'));
    const rows = ([
      ['delta', bounds.stalenessUs], ['W', bounds.handOverUs], ['J', bounds.registrationUs],
      ['d', bounds.maxDelayUs], ['B of the worst of its faults', bounds.recoveryUs],
    ] as const).map(([name, us]) => `| ${name} | ${seconds(us)} |`);
    return Promise.resolve(['| | by `sim check` |', '|---|---|', ...rows]);
  },

  'the deaf manager': async () => {
    const { boundUs, unmanagedUs, deaf } =
      await conductOf(loadScenario('test/cases/deaf-manager.yaml'));
    return [
      '| u | managedOneWay | longest that a resource was without a manager |', '|---|---|---|',
      `| ${deaf} | ${seconds(boundUs)} | ${seconds(unmanagedUs)} |`,
    ];
  },

  'episodes of 1000-nodes': async () => {
    const { episodes } = await thousandNodes();
    const rows = episodes.map((row) => {
      const { settle_s: settle, bound_s: bound } = row;
      const share = settle === null || bound === null ? '' : (settle / bound).toFixed(2);
      return `| ${row.cause} | ${told(settle)} | ${told(bound)} | ${share} |`;
    });
    return ['| episode | settled in | bound | share |', '|---|---|---|---|', ...rows];
  },

  'phi accrual beside the fixed timeout': async () => {
    const findings = await phiAccrual('short', () => {});
    const failed = findings.find(({ ok }) => !ok);
    if (failed !== undefined) throw new Error(`${failed.what}: ${failed.measured}`);
    const rows = findings.map(({ what, measured }) => `| ${what} | ${measured} |`);
    return ['| | measured |', '|---|---|', ...rows];
  },

  'laws of System 18': () => {
    const path = dataFile('lanl-system-18.csv');
    if (path === undefined) return Promise.resolve(null);
    const { lifetimes, repairs } = durationsOf(readTrace(path, 'csv'));
    const options = { confidence: 0.95, rounds: 0, seed: 1 };
    const rows = Object.entries({ lifetimes, repairs }).map(([what, all]) => {
      const { candidates: [best, next] } = fitDurations(all, all.length, options);
      const parameters = best.parameters.map(({ name, value, unit }) =>
        `${name} ${Number(value.toPrecision(3))}${unit ? ` ${unit}` : ''}`);
      const second = `${next.law.name}, ${Math.round(next.aic - best.aic)}`;
      return `| ${what} | ${best.law.name} | ${parameters.join(', ')} | ${second} |`;
    });
    return Promise.resolve(['| | law | parameters | next best, worse in AIC by |',
      '|---|---|---|---|', ...rows]);
  },

  'widths of intervals in pairs': () => {
    const rows = keptNames().map((name) => `| ${name} | ${
      ['detection.seconds.mean', 'recovery.settle.mean'].map((measure) =>
        widths(name, measure)).join(' | ')} |`);
    const head = ['| sweep | time to notice a crash | settling |', '|---|---|---|'];
    return Promise.resolve([...head, ...rows]);
  },

  'budgets of memory': () => {
    const rows = memoryBudget.map(({ part, budget }) => `| ${part} | ${budget} |`);
    const all = memoryBudget.reduce((sum, { budget }) => sum + budget, 0);
    return Promise.resolve(['| part | bytes per resource at most |', '|---|---|', ...rows,
      `| all | ${all} |`]);
  },
};

/**
 * Of each cell's difference from the first one: the interval in pairs of runs with one seed, as a
 * share of what it is without pairs. `0.41 (6)`: the geometric mean of so many cells.
 */
function widths(name: string, measure: string): string {
  const { rows } = keptRows(name);
  const byCell = new Map<number, Map<number, number>>();
  for (const { cell, seed, scalars } of rows) {
    const value = measureIn(scalars, measure);
    const own = byCell.get(cell) ?? new Map<number, number>();
    byCell.set(cell, own);
    if (value !== null) own.set(seed, value);
  }
  const [first, ...others] = [...byCell.values()];
  const ratios = others.flatMap((other) => {
    const seeds = [...first.keys()].filter((seed) => other.has(seed));
    const pairs = seeds.map((seed) => [first.get(seed)!, other.get(seed)!] as const);
    if (pairs.length < 3) return [];
    const [paired, apart] = [
      pairedDifference(pairs, 0.95).interval,
      unpairedDifference(pairs.map(([one]) => one), pairs.map(([, two]) => two), 0.95).interval,
    ];
    if (paired === null || apart === null || apart.upper === apart.lower) return [];
    return [(paired.upper - paired.lower) / (apart.upper - apart.lower)];
  });
  if (ratios.length === 0) return '–';
  const sum = ratios.reduce((all, ratio) => all + Math.log(ratio), 0);
  return `${Math.exp(sum / ratios.length).toFixed(2)} (${ratios.length})`;
}

/** What the report of a kept sweep says of its charts, in the README of its folder. */
const ofSweep = 'findings of ';

function findingsOf(name: string): string[] {
  const { sweep, rows } = keptRows(name);
  return tableCharts(sweepData(sweep, rows)).flatMap(({ name: chart, findings }) =>
    findings.map((finding) => `- \`${chart}\`: ${finding}`));
}

/** Marks that {@link madeAnew} fills, as a page has them. */
export function marked(name: string): string[] {
  return [`<!-- figures: ${name} -->`, '<!-- end of figures -->'];
}

/** Pages with figures in them. */
export function pages(): string[] {
  const inDocs = readdirSync('docs').filter((name) => name.endsWith('.md'));
  return [
    ...inDocs.map((name) => join('docs', name)),
    ...keptNames().map((name) => join('results/reference', name, 'README.md')),
  ];
}

function seconds(us: number | null): string {
  return us === null ? 'nothing is promised' : told(us / 1e6);
}

function told(s: number | null): string {
  return s === null ? 'open' : `${Number(s.toFixed(2))} s`;
}

const mark = /(<!-- figures: (.+?) -->\n)[^]*?(<!-- end of figures -->)/g;

/** The page with its figures made anew; and the names of those that it shows. */
export async function madeAnew(
  page: string,
): Promise<{ readonly page: string; readonly names: readonly string[] }> {
  const names = [...page.matchAll(mark)].map(([, , name]) => name);
  const made = new Map<string, readonly string[] | null>();
  for (const name of names) {
    const isSweep = name.startsWith(ofSweep);
    made.set(name, isSweep ? findingsOf(name.slice(ofSweep.length)) : await figures[name]());
  }
  const anew = page.replace(mark, (all, begin: string, name: string, end: string) => {
    const lines = made.get(name)!;
    return lines === null ? all : `${begin}${lines.join('\n')}\n${end}`;
  });
  return { page: anew, names };
}
