/**
 * The failures of Los Alamos' systems as they were released (LA-UR-05-7318): a table of all 22
 * systems, with dates. The trace's clock begins at midnight before a system's first failure.
 */
import { commaFields, LineReader, readLines } from './lines.js';
import { OutageLog } from './outage-log.js';
import type { TraceFile } from './trace.js';

const US_PER_DAY = 86_400e6;
const titles = ['system', 'nodenumz', 'prob started', 'prob fixed'] as const;

/** @param system - which of them; undefined: the only one there is */
export function readLanl(path: string, system: string | undefined): TraceFile {
  const reader = new Release(path, system);
  const sha256 = readLines(reader);
  return reader.finish(sha256);
}

class Release extends LineReader {
  private readonly wanted: string | undefined;
  private columns: readonly number[] | null = null;
  private readonly systems = new Map<string, OutageLog>();

  constructor(path: string, wanted: string | undefined) {
    super(path);
    this.wanted = wanted;
  }

  finish(sha256: string): TraceFile {
    const known = [...this.systems.keys()].sort((a, b) => Number(a) - Number(b));
    const system = this.wanted ?? (known.length === 1 ? known[0] : undefined);
    const log = system === undefined ? undefined : this.systems.get(system);
    if (log === undefined || log.isEmpty) {
      this.line = 1;
      const which = system === undefined ? `${known.length} systems` : `no system ${system}`;
      const remedy = known.length === 0 ? 'name the release itself' : `one of ${known.join(', ')}`;
      return this.fail(1, `the log has ${which}`, `write system: ${remedy}`);
    }
    return log.finish({ path: this.path, sha256 }, log.firstUs - (log.firstUs % US_PER_DAY));
  }

  protected override content(line: string): void {
    const fields = commaFields(line);
    if (this.columns === null) {
      // Above the header there may be a title.
      const names = fields.map(({ text }) => text.trim().toLowerCase().replaceAll(/\s+/g, ' '));
      const found = titles.map((title) => names.findIndex((name) => name.startsWith(title)));
      if (!found.includes(-1)) this.columns = found;
      else if (this.line > 20) this.missing(names);
      return;
    }
    const [system, node, started, fixed] = this.columns.map((column) => {
      const remedy = 'give each row all columns of the header';
      return fields[column] ?? this.fail(1, `only ${fields.length} values in this row`, remedy);
    });
    const name = system.text.trim();
    let log = this.systems.get(name);
    if (log === undefined) this.systems.set(name, (log = new OutageLog()));
    const beginUs = this.date(started.text, started.column);
    const open = fixed.text.trim() === '';
    log.add(node.text.trim(), beginUs, open ? Infinity : this.date(fixed.text, fixed.column));
  }

  private missing(names: readonly string[]): never {
    const lacking = titles.find((title) => !names.some((name) => name.startsWith(title)));
    return this.fail(1, `there is no column ${lacking ?? titles[0]}`, 'name the release itself');
  }

  /** `6/21/2005 10:54`, also with two digits of the year; in microseconds since 1970. */
  private date(text: string, column: number): number {
    const [, month, day, year, hour, minute] =
      /^\s*(\d{1,2})\/(\d{1,2})\/(\d{4}|\d{2})\s+(\d{1,2}):(\d{2})(?::\d{2})?\s*$/
        .exec(text)?.map(Number) ?? [];
    if (month === undefined) {
      const shown = JSON.stringify(text.slice(0, 20));
      this.fail(column, `${shown} is no date`, 'write month/day/year hour:minute');
    }
    const whole = year >= 100 ? year : year + (year >= 70 ? 1900 : 2000);
    return daysSince1970(whole, month, day) * US_PER_DAY + (hour * 60 + minute) * 60e6;
  }
}

/** Of the Gregorian calendar; years begin in March, so that leap days come last. */
function daysSince1970(year: number, month: number, day: number): number {
  const y = month > 2 ? year : year - 1;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const leaps = Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400);
  return y * 365 + leaps + dayOfYear - 719_468;
}
