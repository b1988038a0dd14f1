import * as fs from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { writePaper } from '../../analysis/paper/index.js';
import { latex } from '../../analysis/paper/latex.js';
import { pdfWriter } from '../../analysis/paper/pdf.js';
import { makeReportSweep } from '../analysis/report-sweep.js';
import { simHere } from './in-process.js';

const missing = pdfWriter() === null && 'pdfkit, svg-to-pdfkit or dejavu-fonts-ttf is missing';

const directory = t.testdir();
makeReportSweep(join(directory, 's'));

t.test('a page in LaTeX, with all that it names, and what npm is to install', async (t) => {
  const [from, to] = [join(directory, 's'), join(directory, 'p')];
  const { files, missing: wanted } = await writePaper(from, to, null);
  t.match(wanted, [/^pdfkit@/, /^svg-to-pdfkit@/, /^dejavu-fonts-ttf@/]);
  const { optionalDependencies } = JSON.parse(fs.readFileSync('package.json', 'utf8')) as {
    readonly optionalDependencies: Readonly<Record<string, string>>;
  };
  for (const one of wanted) {
    const [name, version] = one.split('@');
    t.equal(optionalDependencies[name], version, name);
  }
  t.notOk(files.some((file) => file.endsWith('.pdf')));
  const read = (name: string): string => fs.readFileSync(join(directory, 'p', name), 'utf8');
  const tex = read('paper.tex');
  const all = (pattern: RegExp): string[] => [...tex.matchAll(pattern)].map(([, one]) => one);
  const figures = all(/\\includegraphics\[width=\\columnwidth\]\{(.+?)\}/g);
  t.ok(figures.length >= 8, `${figures.length} figures`);
  for (const name of figures) t.ok(files.includes(join(directory, 'p', `${name}.svg`)), name);
  const labels = new Set(all(/\\label\{(.+?)\}/g));
  for (const name of all(/\\ref\{(.+?)\}/g)) t.ok(labels.has(name), name);
  const sources = read('sources.bib');
  for (const name of all(/\\cite\{(.+?)\}/g)) t.match(sources, `{${name},`);
  for (const name of new Set(all(/\\begin\{(.+?)\}/g))) {
    t.equal(tex.split(`\\begin{${name}}`).length, tex.split(`\\end{${name}}`).length, name);
  }
  t.match(tex, 'What a bad afternoon $<$does$>$');
  t.match(tex, /\\path\|sim sweep <s>\|/, 'the command');
  t.match(tex, /0\\% & 10 & 3 & 14 s \([\d.]+ s to [\d.]+ s\)\* &/, 'means with intervals');
  t.match(tex, /\$N\^\{1\.\d+ \\pm 0\.\d+\}\$/, 'what the chart of cost shows');
  t.match(tex, /Unsure: fewer than 10 runs/);
  for (const name of figures) t.match(read(`${name}.svg`), / width="252pt" height="[\d.]+pt"/);
});

t.test('what LaTeX would take for commands stands for itself', (t) => {
  t.equal(latex('50% of $x_1 & {~}\\#^'), '50\\% of \\$x\\_1 \\& \\{\\textasciitilde{}\\}' +
    '\\textbackslash{}\\#\\textasciicircum{}');
  t.equal(latex('as N^−0.99 ± 0.02'), 'as $N^{-0.99 \\pm 0.02}$');
  t.equal(latex('−1 ± 2, 3–4'), '$-$1 $\\pm$ 2, 3--4');
  t.equal(latex('é ≤ 中 \u200b'), 'é $\\leq$ [U+4E2D] [U+200B]', 'what it has, and what it lacks');
  t.end();
});

t.test('PDFs of one column with their font within', { skip: missing }, async (t) => {
  const { status, stdout } = await simHere(directory, 'paper', 's', '--json');
  t.equal(status, 0);
  const { files } = JSON.parse(stdout) as { files: string[] };
  const pdfs = files.filter((file) => file.endsWith('.pdf'));
  t.equal(pdfs.length, files.filter((file) => file.endsWith('.svg')).length);
  for (const file of pdfs) {
    const text = fs.readFileSync(join(directory, file), 'latin1');
    t.match(text, /\/MediaBox \[0 0 252 /, file);
    const fonts = text.match(/\/Type \/FontDescriptor/g) ?? [];
    t.ok(fonts.length > 0 && fonts.length === text.match(/\/FontFile2 /g)?.length, 'all within');
    t.notMatch(text, /\/BaseFont \/(Helvetica|Times|Courier)/, 'none of the reader');
  }
  const [pdf] = pdfs;
  const svg = fs.readFileSync(join(directory, pdf.replace('.pdf', '.svg')), 'utf8');
  t.ok((await pdfWriter()!(svg, 252)).equals(fs.readFileSync(join(directory, pdf))), 'once more');
});

t.test('what is no sweep is refused', async (t) => {
  const { status, stderr } = await simHere(directory, 'paper', 'nothing');
  t.equal(status, 2);
  t.match(stderr, /not a sweep/);
});
