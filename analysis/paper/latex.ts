/** Text for LaTeX. */

const named: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}', '{': '\\{', '}': '\\}', '$': '\\$', '&': '\\&', '#': '\\#',
  '%': '\\%', '_': '\\_', '^': '\\textasciicircum{}', '~': '\\textasciitilde{}',
  '<': '$<$', '>': '$>$', '|': '$|$', '±': '$\\pm$', '−': '$-$', '–': '--', '·': '$\\cdot$',
  '\u00a0': '~', '…': '\\ldots{}', '’': '\'', '×': '$\\times$', '"': '\'\'',
  '≤': '$\\leq$', '≥': '$\\geq$', '≈': '$\\approx$', '≠': '$\\neq$', '∞': '$\\infty$',
  'μ': '$\\mu$', 'τ': '$\\tau$', 'δ': '$\\delta$', 'σ': '$\\sigma$', 'Δ': '$\\Delta$',
};
/** Letters that LaTeX has, by inputenc and T1. */
const known = new RegExp('[ -~\n\u00a1-\u0125\u0128-\u0137\u0139-\u013e\u0141-\u0148\u014a-\u0165' +
  '\u0168-\u017e\u2010-\u2016\u2018-\u201a\u201c-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a' +
  '\u20ac\u2122\u2190-\u2193]');

/** What LaTeX would read as a command stands for itself; powers stand raised. */
export function latex(text: string): string {
  const escaped = Array.from(text, (letter) => {
    if (Object.hasOwn(named, letter)) return named[letter];
    const code = letter.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
    return known.test(letter) ? letter : `[U+${code}]`;
  }).join('');
  const power = /N\\textasciicircum\{\}(\$-\$)?([\d.]+) \$\\pm\$ ([\d.]+)/g;
  return escaped.replace(power, (_, minus: string | undefined, value: string, off: string) =>
    `$N^{${minus === undefined ? '' : '-'}${value} \\pm ${off}}$`);
}

/** A table with its caption; of many columns, over both columns of the page. */
export function latexTable(
  { label, caption, head, rows, textColumns, wide }: {
    readonly label: string;
    readonly caption: string;
    readonly head: readonly string[];
    readonly rows: readonly (readonly string[])[];
    readonly textColumns: readonly number[];
    readonly wide: boolean;
  },
): string {
  const columns = head.map((_, index) => (textColumns.includes(index) ? 'l' : 'r')).join('');
  const line = (cells: readonly string[]): string => `${cells.map(latex).join(' & ')} \\\\`;
  const environment = wide ? 'table*' : 'table';
  const broad = wide ? '\\textwidth' : '\\columnwidth';
  return [
    `\\begin{${environment}}`, '\\centering', `\\caption{${latex(caption)}}`,
    '\\vspace{4pt}', `\\label{tab:${label}}`,
    `\\resizebox{\\ifdim\\width>${broad} ${broad}\\else\\width\\fi}{!}{%`,
    `\\begin{tabular}{${columns}}`, '\\hline', line(head), '\\hline', ...rows.map(line), '\\hline',
    '\\end{tabular}}', `\\end{${environment}}`, '',
  ].join('\n');
}
