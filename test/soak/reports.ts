/**
 * Reports of made-up and of kept sweeps, as readers see them: see test/analysis/looks. With
 * `--seeds 51..150` of these made-up sweeps alone.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeReport, writeRunDirectory } from '../../analysis/index.js';
import type { Markup } from '../../analysis/report/markup.js';
import { draw } from '../../analysis/report/render.js';
import { figure, page } from '../../analysis/report/page.js';
import { tableCharts } from '../../analysis/report/sweep/charts.js';
import { sweepData } from '../../analysis/report/sweep/data.js';
import { complaintsOf, noBrowser, openBrowser } from '../analysis/looks/look.js';
import { makeGenerated } from '../analysis/looks/generated.js';
import { syntheticRun } from '../analysis/synthetic.js';
import { keptNames, keptRows } from '../results/kept.js';
import type { Check, Finding } from './check.js';
import { chosenSeeds } from './seeds.js';

const manifest = {
  version: '0', node: 'v20', platform: 'test', wallSeconds: 1, peakMemoryBytes: 1,
  command: 'sim run scenario.yaml',
};

/** Of a few runs each, but for one of two hundred. */
const RUNS = 60;
const LARGE = 200;

export const reports: Check = async (scale, progress, words = []) => {
  const wanted = 'no text on another, contrast 4.5, all by keyboard, at most 3 MB';
  if (noBrowser !== false) {
    return [{ what: 'reports', measured: noBrowser, wanted, ok: true, skipped: true }];
  }
  const folder = mkdtempSync(join(tmpdir(), 'howdah-looks-'));
  const browser = await openBrowser();
  const findings: Finding[] = [];
  const look = async (what: string, html: string): Promise<void> => {
    const complaints = await complaintsOf(browser, html);
    const measured = complaints.length === 0 ? 'well' : complaints.slice(0, 8).join('; ');
    findings.push({ what, measured, wanted, ok: complaints.length === 0 });
  };
  const chosen = chosenSeeds(words);
  const { from, to } = chosen ?? { from: 1, to: scale === 'long' ? 50 : 1 };
  const isWhole = scale === 'long' && chosen === null;
  try {
    const record = syntheticRun({
      durationSeconds: 14_400, episodes: 9, resourceFaults: 40, closeUps: 4,
    });
    const run = join(folder, 'run');
    const scenarioYaml = 'name: s\nsystem: { managers: 3 }\n';
    writeRunDirectory(run, record, { scenarioYaml, manifest });
    await look('a run', (await writeReport(run)).html);
    for (let seed = from; seed <= to; seed += 1) {
      progress(`generated sweep ${seed}`);
      const path = join(folder, `sweep-${seed}`);
      if (seed % 50 === 0) makeGenerated(path, seed, LARGE, LARGE);
      else makeGenerated(path, seed, scale === 'long' ? RUNS : 20);
      await look(`generated sweep ${seed}`, (await writeReport(path)).html);
      rmSync(path, { recursive: true });
    }
    for (const name of isWhole ? keptNames() : []) {
      progress(name);
      const html = join(folder, `${name}.html`);
      writeFileSync(html, await keptPage(name));
      await look(`kept sweep ${name}`, html);
    }
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true });
  }
  return findings;
};

/** Of what is kept: a table without its runs, so without recoveries. */
async function keptPage(name: string): Promise<string> {
  const { sweep, rows } = keptRows(name);
  const figures: Markup[] = [];
  for (const chart of tableCharts(sweepData(sweep, rows))) {
    figures.push(figure({ chart, ...await draw(chart) }, `sim sweep ${name}`));
  }
  return page(name, figures);
}
