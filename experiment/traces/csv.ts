/** Failure logs: a row per outage, with the node, when it failed and when it was repaired. */
import { commaFields, LineReader, readLines, type Field } from './lines.js';
import { OutageLog } from './outage-log.js';
import type { TraceFile } from './trace.js';

const required = ['node', 'failed_at_s', 'repaired_at_s'] as const;
const howRows = `write a header with ${required.join(', ')} (and cause), then a row per outage`;

/** Headers of logs that have a format of their own. */
const others: Readonly<Record<string, string>> = {
  'prob started': 'lanl', failure_interval: 'opendc', failure_duration: 'opendc',
};

/**
 * Of one node, outages that overlap or touch become one, their union. A row that names no repair
 * lasts to the end of the log and beyond. Takes some 30 bytes per row.
 *
 * @throws ScenarioError, or what `fs` does
 */
export function readFailureLog(path: string, usPerUnit: number): TraceFile {
  const log = new FailureLog(path, usPerUnit);
  const sha256 = readLines(log);
  return log.finish(sha256);
}

class FailureLog extends LineReader {
  private readonly usPerUnit: number;
  /** Where the required columns stand; null: the header is still to come. */
  private columns: readonly number[] | null = null;
  private readonly log = new OutageLog();

  constructor(path: string, usPerUnit: number) {
    super(path);
    this.usPerUnit = usPerUnit;
  }

  finish(sha256: string): TraceFile {
    if (this.columns === null || this.log.isEmpty) {
      this.line = 1;
      this.fail(1, 'there are no outages in this log', howRows);
    }
    return this.log.finish({ path: this.path, sha256 });
  }

  protected override content(line: string): void {
    if (this.columns === null) this.columns = this.header(line);
    else this.row(commaFields(line), this.columns);
  }

  private header(line: string): readonly number[] {
    const names = commaFields(line).map(({ text }) => text.trim().toLowerCase());
    return required.map((name) => {
      // Whose unit is another calls its columns failed_at and repaired_at.
      const plain = this.usPerUnit === 1e6 ? '' : name.replace(/_s$/, '');
      const column = names.findIndex((one) => one === name || one === plain);
      if (column >= 0) return column;
      const other = names.find((one) => Object.hasOwn(others, one));
      const remedy = other === undefined ? howRows : `add format: ${others[other]}`;
      return this.fail(1, `there is no column ${plain || name}`, remedy);
    });
  }

  private row(fields: readonly Field[], columns: readonly number[]): void {
    const [node, failed, repaired] = columns.map((column) => {
      const remedy = 'give each row all columns of the header';
      return fields[column] ?? this.fail(1, `only ${fields.length} values in this row`, remedy);
    });
    const beginUs = this.instant(failed, this.usPerUnit);
    const open = repaired.text.trim() === '';
    const endUs = open ? Infinity : this.instant(repaired, this.usPerUnit);
    if (endUs < beginUs) {
      const problem = `repaired at ${repaired.text.trim()}s, before it failed`;
      this.fail(repaired.column, problem, 'write when it was repaired, or nothing if it never was');
    }
    const name = node.text.trim();
    if (name === '' && endUs > beginUs) this.fail(node.column, 'the row names no node', 'name it');
    this.log.add(name, beginUs, endUs);
  }
}
