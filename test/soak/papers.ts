/**
 * Pages of `sim paper`, set by LaTeX: the kept example, of every kept sweep, of made-up sweeps, and
 * one whose names are full of what LaTeX takes for commands.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { figuresOf } from '../../analysis/paper/figures.js';
import { writePaper } from '../../analysis/paper/index.js';
import { paperTex, sourcesBib } from '../../analysis/paper/page.js';
import { pdfPackages, pdfWriter } from '../../analysis/paper/pdf.js';
import { column } from '../../analysis/report/theme.js';
import { tableCharts } from '../../analysis/report/sweep/charts.js';
import { sweepData } from '../../analysis/report/sweep/data.js';
import { commonSettings } from '../../analysis/report/sweep/settings.js';
import { SweepDirectory } from '../../analysis/sweep/index.js';
import { toYaml } from '../../experiment/scenario/to-yaml.js';
import { makeGenerated } from '../analysis/looks/generated.js';
import { keptNames, keptRows } from '../results/kept.js';
import type { Check, Finding } from './check.js';

const EXAMPLE = 'docs/paper';
const COLUMN_POINTS = 252;
/** A line that sticks out by less nobody sees. */
const MOST_OVER_POINTS = 3;
const generated = [1, 2, 3, 50];

/** Whatever users may write into names, and into what they are varied over. */
const hostile = '50% of $x_1 & {~} \\# ^ "a" <b> |c| ± − – · … ’ ‘“” × µ ≤ ≥ → ∞ ² é ß Ł Ω 中';

/** Null: all that it takes is here. */
function lacking(): string | null {
  const isHere = (name: string): boolean =>
    spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0;
  const tools = ['pdflatex', 'bibtex'].filter((name) => !isHere(name));
  if (tools.length > 0) {
    return `${tools.join(' and ')} missing (apt-get install texlive-latex-base lmodern)`;
  }
  return pdfWriter() === null ? `npm install ${pdfPackages.join(' ')}` : null;
}

/** What a reader of the log could complain of; none: the page is set as it should be. */
function complaintsOf(folder: string): { readonly complaints: string[]; readonly pages: string } {
  const run = (name: string, ...words: string[]): void => {
    // Else lines of the log break within words.
    const env = { ...process.env, max_print_line: '2000' };
    spawnSync(name, words, { cwd: folder, stdio: 'ignore', timeout: 120_000, env });
  };
  const set = (): void => run('pdflatex', '-interaction=nonstopmode', 'paper');
  set();
  run('bibtex', 'paper');
  for (let time = 0; time < 2; time += 1) set();
  const log = readFileSync(join(folder, 'paper.log'), 'latin1');
  const said = [
    /^! .*/gm, /^LaTeX Warning: (?:Reference|Citation|Float too large).*/gm,
    /^Missing character.*/gm, /^.*Font shape .* undefined.*/gm, /^Package .* Error.*/gm,
  ].flatMap((one) => log.match(one) ?? []);
  const over = [...log.matchAll(/^Overfull \\[hv]box \(([\d.]+)pt too (?:wide|high)\).*/gm)]
    .filter(([, points]) => Number(points) > MOST_OVER_POINTS).map(([whole]) => whole);
  const pages = /Output written on paper\.pdf \((\d+) pages?/.exec(log)?.[1];
  const none = pages === undefined ? ['no PDF'] : [];
  return { complaints: [...said, ...over, ...none], pages: pages ?? '0' };
}

/** Of the table alone: no recoveries, since the runs of kept sweeps are not kept. */
async function keptPaper(name: string, out: string): Promise<void> {
  const { sweep, rows } = keptRows(name);
  const data = sweepData(sweep, rows, column);
  const charts = tableCharts(data);
  const figures = await figuresOf(charts);
  const scenarios = new Map(rows.map(({ runId, values }) => [runId, data.scenarioOf(values)]));
  const parts = {
    data, charts, figures, tableHash: 'ab'.repeat(32),
    manifest: {
      sweep: name, shard: null, complete: true, code: 'cd'.repeat(32),
      command: `sim sweep scenarios/sweeps/${name}.yaml`,
    },
    settings: commonSettings(data, (runId) => toYaml(scenarios.get(runId)!)),
  };
  mkdirSync(out);
  for (const { name: file, svg } of figures) {
    writeFileSync(join(out, `${file}.pdf`), await pdfWriter()!(svg, COLUMN_POINTS));
  }
  writeFileSync(join(out, 'paper.tex'), paperTex(parts));
  writeFileSync(join(out, 'sources.bib'), sourcesBib(parts));
}

/** As it is kept; its figures are those of the page. */
async function example(out: string): Promise<void> {
  mkdirSync(out);
  for (const file of ['paper.tex', 'sources.bib']) {
    copyFileSync(join(EXAMPLE, file), join(out, file));
  }
  for (const [, name] of readFileSync(join(EXAMPLE, 'paper.tex'), 'utf8')
    .matchAll(/\\includegraphics\[width=\\columnwidth\]\{(.+?)\}/g)) {
    const svg = readFileSync(join(EXAMPLE, `${name}.svg`), 'utf8').replace(/^<\?xml.*\n/, '');
    writeFileSync(join(out, `${name}.pdf`), await pdfWriter()!(svg, COLUMN_POINTS));
  }
}

/** A made-up sweep under names that are hard to set. */
function makeHostile(path: string): void {
  makeGenerated(path, 4, 12);
  const directory = SweepDirectory.read(path);
  const manifest = { ...directory.manifest(), command: `sim sweep '${hostile}'` };
  writeFileSync(join(path, 'manifest.json'), JSON.stringify(manifest));
  const axes = [
    { path: 'coordination.a_b', values: [hostile, `${hostile} 2`] },
    { path: 'faults[0].x_y', values: ['1', '2', '3'] },
  ];
  const [first] = directory.readRuns([]);
  const rows = axes[0].values.flatMap((one, place) => axes[1].values.map((other, index) =>
    ({ ...first, values: [one, other], cell: 3 * place + index + 1 })));
  const open = SweepDirectory.open(path, 'id', null);
  open.writeSweep(stringify({
    name: 'h.-_', description: hostile, base: { duration: '2h' }, replications: 1,
    vary: Object.fromEntries(axes.map(({ path: name, values }) => [name, values])),
    report: { axes: { 'coordination.a_b': hostile } },
  }));
  open.writeRuns(axes, rows);
  open.close();
}

export const papers: Check = async (scale, progress) => {
  const wanted = 'set by LaTeX without an error, a missing letter, or a line too wide';
  const lack = lacking();
  if (lack !== null) return [{ what: 'papers', measured: lack, wanted, ok: true, skipped: true }];
  const folder = mkdtempSync(join(tmpdir(), 'howdah-papers-'));
  const made = (make: (path: string) => void) => async (out: string): Promise<void> => {
    make(`${out}-sweep`);
    await writePaper(`${out}-sweep`, out);
  };
  const all: [what: string, make: (out: string) => Promise<void>][] = [
    ['the kept example', example],
    ['a sweep of hostile names', made(makeHostile)],
    ...(scale === 'long' ? keptNames() : []).map((name): (typeof all)[number] =>
      [`kept sweep ${name}`, (out) => keptPaper(name, out)]),
    ...generated.slice(0, scale === 'long' ? undefined : 1).map((seed): (typeof all)[number] =>
      [`generated sweep ${seed}`, made((path) => makeGenerated(path, seed, 60))]),
  ];
  const findings: Finding[] = [];
  try {
    for (const [index, [what, make]] of all.entries()) {
      progress(what);
      const out = join(folder, String(index));
      await make(out);
      const { complaints, pages } = complaintsOf(out);
      const measured = complaints.length === 0 ? `well, ${pages} pages`
        : complaints.slice(0, 6).join('; ');
      findings.push({ what, measured, wanted, ok: complaints.length === 0 });
    }
  } finally {
    if (process.env['HOWDAH_KEEP'] === undefined) rmSync(folder, { recursive: true });
    else progress(folder);
  }
  return findings;
};
