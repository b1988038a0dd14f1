/** One process at a time works in a directory: it leaves its name in a file there. */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isRunning } from '../experiment/litter.js';
import { guard, RunDirectoryError } from './directory-error.js';

const NAME = 'lock';
/** Of several that take over the lock of a dead process, the last to write has it. */
const SETTLE_MS = 50;

interface Holder {
  readonly process: number;
  readonly host: string;
  /** Tells the process from a later one of the same number; empty where nothing does. */
  readonly born: string;
  readonly since: string;
  /** Tells holders apart that are otherwise the same. */
  readonly token: string;
}

/** @param path - of the directory */
export class Lock {
  private readonly file: string;
  private readonly token: string;

  private constructor(file: string, token: string) {
    this.file = file;
    this.token = token;
  }

  /** Throws {@link RunDirectoryError}, `LOCKED`, where another process that lives has it. */
  static take(path: string): Lock {
    const file = join(path, NAME);
    const token = randomBytes(8).toString('hex');
    const since = new Date().toISOString();
    const me: Holder = {
      process: process.pid, host: hostname(), born: born(process.pid), since, token,
    };
    const temporary = `${file}.${token}`;
    return guard(file, () => {
      fs.writeFileSync(temporary, `${JSON.stringify(me)}\n`);
      try {
        claim(file, temporary);
      } finally {
        fs.rmSync(temporary, { force: true });
      }
      return new Lock(file, token);
    });
  }

  /** Harmless when it is no longer ours. */
  release(): void {
    if (holderIn(this.file)?.token === this.token) fs.rmSync(this.file, { force: true });
  }
}

/** A link appears with its content, and only where there is nothing yet. */
function claim(file: string, mine: string): void {
  try {
    fs.linkSync(mine, file);
    return;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  refuseHeld(file);
  const wanted = fs.readFileSync(mine, 'utf8');
  fs.renameSync(mine, file);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, SETTLE_MS);
  if (fs.readFileSync(file, 'utf8') !== wanted) refuseHeld(file);
}

function refuseHeld(file: string): void {
  const holder = holderIn(file);
  if (holder === null || !isAlive(holder)) return;
  const who = `process ${holder.process} on ${holder.host}`;
  const remedy = `wait for it, or remove ${file} if there is no such process`;
  const message = `${file}: ${who} is at work here since ${holder.since}, ${remedy}`;
  throw new RunDirectoryError(message, file, 'LOCKED');
}

/** Null: none, or what nobody can read, such as a file cut off by a crash of the machine. */
function holderIn(file: string): Holder | null {
  try {
    const { process: id, host, born: at, since, token } =
      JSON.parse(fs.readFileSync(file, 'utf8')) as Partial<Holder>;
    if (!Number.isInteger(id) || typeof host !== 'string') return null;
    return { process: id!, host, born: at ?? '', since: since ?? '?', token: token ?? '' };
  } catch {
    return null;
  }
}

/** Whether a file is one of ours, of the living or the dead. */
export function isLock(file: string): boolean {
  return holderIn(file) !== null;
}

/** Of another host we know nothing, so it counts as alive. */
function isAlive({ process: id, host, born: at }: Holder): boolean {
  if (host !== hostname()) return true;
  return isRunning(id) && (at === '' || born(id) === '' || born(id) === at);
}

/** When a process began, by the clock of a boot of this machine; empty where nobody tells. */
function born(id: number): string {
  try {
    const text = fs.readFileSync(`/proc/${id}/stat`, 'utf8');
    // The name of the program, in parentheses, may hold anything.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const boot = fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}/${fields[19]}`;
  } catch {
    return '';
  }
}
