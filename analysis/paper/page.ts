/** The page around the figures: what was asked, how it was made, what came out. */
import { estimateText, warningsOf } from '../estimate-words.js';
import { measureWords } from '../measure-words.js';
import { promisesText } from '../promise-words.js';
import { axisTitle } from '../report/sweep/axis.js';
import { inCell, type SweepData } from '../report/sweep/data.js';
import { drawnMeasures } from '../report/sweep/measures-chart.js';
import type { PageChart } from '../report/theme.js';
import type { SweepManifest } from '../sweep/index.js';
import * as words from '../words.js';
import type { Figure } from './figures.js';
import { latex, latexTable } from './latex.js';

export interface PaperParts {
  readonly data: SweepData;
  readonly charts: readonly PageChart[];
  readonly figures: readonly Figure[];
  readonly manifest: SweepManifest;
  /** SHA-256 of runs.csv. */
  readonly tableHash: string;
  readonly settings: readonly (readonly [path: string, value: string])[];
}

/** More columns than this go over the whole page. */
const NARROW = 3;

export function paperTex(parts: PaperParts): string {
  const { data, charts, figures } = parts;
  const { name, description } = data.outline;
  return [
    '% Made by sim paper; sim paper makes it anew.',
    '\\documentclass[twocolumn]{article}',
    '\\usepackage[utf8]{inputenc}', '\\usepackage[T1]{fontenc}', '\\usepackage{textcomp}',
    // Without it the letters are bitmaps.
    '\\IfFileExists{lmodern.sty}{\\usepackage{lmodern}}{}', '\\usepackage{graphicx}',
    '\\usepackage[margin=0.75in,columnsep=0.25in]{geometry}',
    '\\usepackage[obeyspaces,spaces]{url}',
    '\\setlength{\\emergencystretch}{3em}',
    `\\title{${latex(name)}}`, '\\author{}', '\\date{}', '\\begin{document}', '\\maketitle', '',
    '\\section{Question}', latex(description === '' ? 'What depends on what?' : description), '',
    '\\section{Method}', method(parts), '',
    '\\section{Results}', latex(promisesText(data.rows).text) + '.',
    'Table~\\ref{tab:cells} has the means with their intervals.',
    ...charts.map(({ name: chart, findings }) =>
      `\n${findings.map(latex).join(' ')} ${referencesTo(figures.filter((one) =>
        one.chart === chart))}`), '',
    ...figures.map((figure) => figureTex(figure, figures)),
    cellsTex(data), configurationTex(parts),
    '\\section{To make it again}', provenance(parts), '',
    '\\bibliographystyle{plain}', '\\bibliography{sources}', '\\end{document}', '',
  ].join('\n');
}

function method({ data, manifest }: PaperParts): string {
  const { outline, rows, cells } = data;
  const varied = outline.axes.filter(({ values }) => values.length > 1).map(({ path, values }) =>
    `${axisTitle(path, outline.report.axes)} (${values.join(', ')})`);
  const replications = new Set(cells.map((cell) => cell.rows.length));
  const each = [...replications].sort((a, b) => a - b);
  const runs = each.length === 1 ? String(each[0]) : `${each[0]} to ${each[each.length - 1]}`;
  const crashed = rows.filter(({ status }) => status === 'crashed').length;
  const lost = crashed === 0 ? '' : `; ${words.some(crashed, 'run')} crashed and are left out`;
  return `${latex(
    `The runs were made by discrete-event simulation with Howdah ${text(manifest, 'version')}`,
  )}~\\cite{howdah}. ${latex(
    `Varied: ${varied.length === 0 ? 'nothing' : varied.join('; ')}. ` +
    `${words.some(cells.length, 'cell')} of ${runs} replications${lost}. Replications share ` +
    'their random numbers across cells, so that cells differ by what was varied; comparisons are ' +
    'made in pairs of runs with one seed. Intervals are of 95%, by the method that the values ' +
    'allow (for means of sizes: Student’s t corrected for skewness',
  )}~\\cite{hall1992}${latex('); what is called changed is so after Holm’s adjustment')}` +
    `~\\cite{holm1979}${latex('; times that were cut off are estimated as censored')}` +
    '~\\cite{kaplan1958}. Table~\\ref{tab:configuration} has the configuration.';
}

/** `(Figures 1 to 4.)` */
function referencesTo(figures: readonly Figure[]): string {
  const [first, last] = [figures[0].name, figures[figures.length - 1].name];
  const to = first === last ? '' : ` to~\\ref{fig:${last}}`;
  return `(Figure${first === last ? '' : 's'}~\\ref{fig:${first}}${to}.)`;
}

/** How to read it is said once for all figures of a chart. */
function figureTex(
  { name, chart, shows, caption: howToRead }: Figure, all: readonly Figure[],
): string {
  const first = all.find((one) => one.chart === chart)!.name;
  const lead = latex(`${shows[0].toUpperCase()}${shows.slice(1)}.`);
  const caption = first === name
    ? `${lead} ${latex(howToRead)}` : `${lead} As Figure~\\ref{fig:${first}}.`;
  return [
    '\\begin{figure}', '\\centering', `\\includegraphics[width=\\columnwidth]{${name}}`,
    `\\caption{${caption}}`, `\\label{fig:${name}}`, '\\end{figure}', '',
  ].join('\n');
}

function cellsTex(data: SweepData): string {
  const { outline, cells } = data;
  const measures = drawnMeasures(data);
  const estimates = cells.map((cell) => measures.map((measure) => inCell(cell, measure)));
  const warnings = warningsOf(estimates.flat().filter((one) => one !== null));
  const head = [
    ...outline.axes.map(({ path }) => axisTitle(path, outline.report.axes)), 'runs',
    ...measures.map((measure) => measureWords(measure).title),
  ];
  return latexTable({
    label: 'cells', head, wide: head.length > NARROW,
    caption: ['Means over the runs of a cell, with 95% intervals.', ...warnings].join(' '),
    rows: cells.map((cell, index) => [
      ...cell.values, words.count(cell.rows.length),
      ...measures.map((measure, place) => {
        const estimate = estimates[index][place];
        return estimate === null ? '–'
          : estimateText(estimate, measureWords(measure).told, cell.rows.length);
      }),
    ]),
    textColumns: outline.axes.map((_, index) => index),
  });
}

function configurationTex({ settings }: PaperParts): string {
  return latexTable({
    label: 'configuration', wide: false,
    caption: 'The settings in force; faults, rules and kinds are in the sweep file.',
    head: ['setting', 'value'], rows: settings, textColumns: [0, 1],
  });
}

function provenance({ manifest, data, tableHash }: PaperParts): string {
  const facts = [
    ['seed', String(data.outline.seed)],
    ['sweep', text(manifest, 'sweep')],
    ['code, SHA-256', text(manifest, 'code')],
    ['runs.csv, SHA-256', tableHash],
    ['program', `Howdah ${text(manifest, 'version')}, Node ${text(manifest, 'node')}`],
  ];
  return [
    'The same command with the same version gives the same table, byte for byte, on any machine:',
    '\\begin{quote}\\footnotesize\\raggedright',
    ...[text(manifest, 'command'), 'sim paper DIRECTORY'].map((one) => `${verbatim(one)}\\\\`),
    '\\end{quote}',
    '\\begin{description}\\footnotesize\\raggedright',
    ...facts.map(([what, value]) => `\\item[${latex(what)}] ${verbatim(value)}`),
    '\\end{description}',
  ].join('\n');
}

/** Letter by letter, between two of a letter that it does not hold; lines may break in it. */
function verbatim(value: string): string {
  const mark = ['|', '!', '+', '@', '=', ';'].find((one) => !value.includes(one));
  // A hash has no place of its own to break at.
  const pieces = value.match(/[\w-]{32}(?=[\w-])|[^]+?(?=[\w-]{33}|$)/g) ?? [];
  return mark === undefined || !/^[ -~]*$/.test(value) ? latex(value)
    : pieces.map((piece) => `\\path${mark}${piece}${mark}`).join('\\allowbreak{}');
}

function text(manifest: SweepManifest, key: string): string {
  const value = manifest[key];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : 'unknown';
}

/** What the page cites. */
export function sourcesBib({ manifest }: Pick<PaperParts, 'manifest'>): string {
  return `@misc{howdah,
  title = {Howdah: a management system for large distributed systems, and the harness that
    measures it},
  note = {Version ${text(manifest, 'version')}},
}

@article{hall1992,
  author = {Hall, Peter},
  title = {On the Removal of Skewness by Transformation},
  journal = {Journal of the Royal Statistical Society, Series B},
  volume = {54}, number = {1}, pages = {221--228}, year = {1992},
}

@article{holm1979,
  author = {Holm, Sture},
  title = {A Simple Sequentially Rejective Multiple Test Procedure},
  journal = {Scandinavian Journal of Statistics},
  volume = {6}, number = {2}, pages = {65--70}, year = {1979},
}

@article{kaplan1958,
  author = {Kaplan, E. L. and Meier, Paul},
  title = {Nonparametric Estimation from Incomplete Observations},
  journal = {Journal of the American Statistical Association},
  volume = {53}, number = {282}, pages = {457--481}, year = {1958},
}
`;
}
