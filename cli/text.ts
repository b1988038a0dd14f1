import Table from 'cli-table3';
import pc from './colors.js';

/** At most so many columns, also where the terminal has more: for reading. */
const WIDTH = 98;
/** Of a narrower terminal no use is made. */
const LEAST = 30;

function width(): number {
  return Math.max(LEAST, Math.min(WIDTH, process.stdout.columns ?? WIDTH));
}

/** Lines after the first are indented. */
export function wrapped(text: string): string {
  const most = width();
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > most - 2) {
      lines.push(line);
      line = '';
    }
    line += line === '' ? word : ` ${word}`;
  }
  return [...lines, line].join('\n  ');
}

/** A table as lines, without the blanks that fill its last column. */
export function tableText(table: Table.Table): string {
  return table.toString().replaceAll(/[ \t]+$/gm, '');
}

/** Columns without lines; those from `rightFrom` on are aligned to the right, as numbers are. */
export function plainTable(head: readonly string[], rightFrom: number): Table.Table {
  const outer = { top: '', 'top-mid': '', 'top-left': '', 'top-right': '', left: '', right: '' };
  const below = { bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' };
  const inner = { 'left-mid': '', mid: '', 'mid-mid': '', 'right-mid': '', middle: '  ' };
  return new Table({
    head: head.map((title) => pc.dim(title)),
    chars: { ...outer, ...below, ...inner },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colAligns: head.map((_, index) => (index < rightFrom ? 'left' : 'right')),
  });
}
