/**
 * Event traces of the Failure Trace Archive (Kondo et al. 2010, `event_trace.tab`): a row per time
 * that a node was available (type 1) or not (type 0). The trace's clock begins with the first.
 */
import { blankFields, LineReader, readLines } from './lines.js';
import { OutageLog } from './outage-log.js';
import type { TraceFile } from './trace.js';

/** event, component, node, platform, name of the node, type, start, stop, reason of the end */
const columns = { node: 2, type: 5, start: 6, stop: 7 } as const;
const howRows = 'write event, component, node, platform, node name, type, start, stop, end reason';

export function readFta(path: string, usPerUnit: number): TraceFile {
  const reader = new EventTrace(path, usPerUnit);
  const sha256 = readLines(reader);
  return reader.finish(sha256);
}

class EventTrace extends LineReader {
  private readonly usPerUnit: number;
  private readonly log = new OutageLog();
  private firstUs = Infinity;

  constructor(path: string, usPerUnit: number) {
    super(path);
    this.usPerUnit = usPerUnit;
  }

  finish(sha256: string): TraceFile {
    if (this.log.isEmpty) {
      this.line = 1;
      this.fail(1, 'no node in this trace was ever unavailable', howRows);
    }
    return this.log.finish({ path: this.path, sha256 }, this.firstUs);
  }

  protected override content(line: string): void {
    const fields = blankFields(line);
    // A header that is not marked as a comment.
    if (this.log.isEmpty && this.firstUs === Infinity && /^\D/.test(line.trim())) return;
    if (fields.length <= columns.stop) {
      this.fail(1, `only ${fields.length} values in this row`, howRows);
    }
    const { text: type, column } = fields[columns.type];
    const beginUs = this.instant(fields[columns.start], this.usPerUnit);
    const stop = fields[columns.stop];
    const open = /^(null|na|nan|inf(inity)?|-)?$/i.test(stop.text.trim());
    const endUs = open ? Infinity : this.instant(stop, this.usPerUnit);
    if (endUs < beginUs) this.fail(stop.column, 'it stops before it starts', 'correct the row');
    const name = fields[columns.node].text.trim();
    this.firstUs = Math.min(this.firstUs, beginUs);
    if (type.trim() === '0') this.log.add(name, beginUs, endUs);
    else if (type.trim() === '1') this.log.see(name);
    else this.fail(column, `${type} is no type of event`, 'write 1 (available) or 0');
  }
}
