/**
 * Failure traces of OpenDC, as CSV: how long after the end of the last failure the next begins,
 * how long it takes, and what share of the hosts. Which hosts, OpenDC draws; here they are taken in
 * turn, so that a trace says the same each time.
 */
import { commaFields, LineReader, readLines } from './lines.js';
import { OutageLog } from './outage-log.js';
import type { TraceFile } from './trace.js';

const titles = ['failure_interval', 'failure_duration', 'failure_intensity'] as const;

/** @param hosts - undefined where nobody has said */
export function readOpenDc(path: string, usPerUnit: number, hosts: number | undefined): TraceFile {
  const reader = new Failures(path, usPerUnit, hosts);
  const sha256 = readLines(reader);
  return reader.finish(sha256);
}

class Failures extends LineReader {
  private readonly usPerUnit: number;
  private readonly hosts: number | undefined;
  private columns: readonly number[] | null = null;
  private readonly log = new OutageLog();
  private untilUs = 0;
  private turn = 0;

  constructor(path: string, usPerUnit: number, hosts: number | undefined) {
    super(path);
    this.usPerUnit = usPerUnit;
    this.hosts = hosts;
  }

  finish(sha256: string): TraceFile {
    this.line = 1;
    if (this.log.isEmpty) {
      this.fail(1, 'there are no failures in this trace', `write a header with ${titles.join()}`);
    }
    return this.log.finish({ path: this.path, sha256 });
  }

  protected override content(line: string): void {
    const fields = commaFields(line);
    if (this.columns === null) {
      const names = fields.map(({ text }) => text.trim().toLowerCase());
      for (let host = 0; host < (this.hosts ?? 0); host += 1) this.log.see(String(host));
      this.columns = titles.map((title) => {
        const column = names.indexOf(title);
        const remedy = `write a header with ${titles.join(', ')}`;
        return column >= 0 ? column : this.fail(1, `there is no column ${title}`, remedy);
      });
      return;
    }
    const { hosts } = this;
    if (hosts === undefined) {
      return this.fail(1, 'it tells a share of hosts, not how many', 'add nodes: their number');
    }
    const [interval, duration, intensity] = this.columns.map((column) => {
      const remedy = 'give each row all columns of the header';
      return fields[column] ?? this.fail(1, `only ${fields.length} values in this row`, remedy);
    });
    const share = Number(intensity.text);
    if (!(share > 0 && share <= 1)) {
      this.fail(intensity.column, `${intensity.text} is no share of hosts`, 'write 0 to 1');
    }
    const beginUs = this.untilUs + this.instant(interval, this.usPerUnit);
    const endUs = beginUs + this.instant(duration, this.usPerUnit);
    this.untilUs = endUs;
    for (let hit = Math.max(1, Math.round(share * hosts)); hit > 0; hit -= 1) {
      this.log.add(String(this.turn), beginUs, endUs);
      this.turn = (this.turn + 1) % hosts;
    }
  }
}
