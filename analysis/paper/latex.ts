/** Text for LaTeX. */

const named: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}', '{': '\\{', '}': '\\}', '$': '\\$', '&': '\\&', '#': '\\#',
  '%': '\\%', '_': '\\_', '^': '\\textasciicircum{}', '~': '\\textasciitilde{}',
  '<': '$<$', '>': '$>$', '|': '$|$', '±': '$\\pm$', '−': '$-$', '–': '--', '·': '$\\cdot$',
  '\u00a0': '~', '…': '\\ldots{}', '’': '\'', '×': '$\\times$', '"': '\'\'',
};

/** What LaTeX would read as a command stands for itself; powers stand raised. */
export function latex(text: string): string {
  const escaped = text.replace(/[\\{}$&#%_^~<>|±−–·\u00a0…’×"]/g, (letter) => named[letter]);
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
    `\\label{tab:${label}}`, `\\resizebox{\\ifdim\\width>${broad} ${broad}\\else\\width\\fi}{!}{%`,
    `\\begin{tabular}{${columns}}`, '\\hline', line(head), '\\hline', ...rows.map(line), '\\hline',
    '\\end{tabular}}', `\\end{${environment}}`, '',
  ].join('\n');
}
