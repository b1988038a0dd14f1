/**
 * State profiles of SimGrid: lines of a time and a state, 0 for off, of one host; or a folder of
 * such files, a host each, in the order of their names. `LOOPAFTER` (once `PERIODICITY`) says how
 * long after its last line a profile begins anew.
 */
import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { blankFields, LineReader, readLines } from './lines.js';
import { OutageLog } from './outage-log.js';
import type { TraceFile } from './trace.js';

export function readProfiles(path: string, usPerUnit: number): TraceFile {
  const folder = statSync(path).isDirectory();
  const names = folder ? readdirSync(path).filter((name) => !name.startsWith('.')).sort() : [''];
  const log = new OutageLog();
  const hash = createHash('sha256');
  let loopUs: number | null | undefined;
  let last: Profile | undefined;
  for (const [host, name] of names.entries()) {
    last = new Profile(folder ? join(path, name) : path, usPerUnit);
    hash.update(readLines(last));
    last.into(log, String(host));
    if (loopUs !== undefined && loopUs !== last.loopUs) {
      last.fail(1, 'it begins anew after another time than those before it', 'make them agree');
    }
    ({ loopUs } = last);
  }
  if (log.isEmpty) {
    const reader = last ?? new Profile(path, usPerUnit);
    reader.line = 1;
    reader.fail(1, 'no host is ever off', 'write lines of a time and a state, 0 for off');
  }
  const trace = log.finish({ path, sha256: hash.digest('hex') });
  return loopUs === null || loopUs === undefined ? trace : { ...trace, endUs: loopUs, loopUs };
}

class Profile extends LineReader {
  /** One round; null: it ends with its last line. */
  loopUs: number | null = null;
  private readonly usPerUnit: number;
  private readonly changes: { readonly us: number; readonly on: boolean }[] = [];
  private waitUs: number | null = null;

  constructor(path: string, usPerUnit: number) {
    super(path);
    this.usPerUnit = usPerUnit;
  }

  protected override content(line: string): void {
    const [first, second] = blankFields(line);
    if (second === undefined) this.fail(1, 'a word alone', 'write a time and a state, 0 for off');
    if (/^(LOOPAFTER|PERIODICITY)$/.test(first.text)) {
      this.waitUs = this.instant(second, this.usPerUnit);
      return;
    }
    if (/^[A-Z]/.test(first.text)) {
      const remedy = 'write out the times: profiles by chance are not read';
      this.fail(first.column, `${first.text} is not known`, remedy);
    }
    const us = this.instant(first, this.usPerUnit);
    const state = Number(second.text);
    if (Number.isNaN(state)) {
      this.fail(second.column, `${second.text} is no state`, 'write 0 for off, 1 for on');
    }
    if (us < (this.changes.at(-1)?.us ?? 0)) {
      this.fail(first.column, 'a time before the one ahead of it', 'write them in order');
    }
    this.changes.push({ us, on: state > 0 });
  }

  into(log: OutageLog, host: string): void {
    const lastUs = this.changes.at(-1)?.us ?? 0;
    if (this.waitUs !== null) this.loopUs = lastUs + this.waitUs;
    log.see(host);
    let offUs: number | null = null;
    for (const { us, on } of this.changes) {
      if (!on) offUs ??= us;
      else if (offUs !== null) {
        log.add(host, offUs, us);
        offUs = null;
      }
    }
    if (offUs !== null) log.add(host, offUs, this.loopUs ?? Infinity);
  }
}
