import { fork, spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Order, Report } from './protocol.js';

/** So much of what a child wrote to stderr is kept, for the message if it fails. */
const STDERR_BYTES = 4096;

/** MB for young objects, of which there are few: strangers would make that room grow, for good. */
const YOUNG = '--max-semi-space-size=4';

export interface OsProcessEvents {
  onReport(report: Report): void;
  /**
   * It has ended and all its reports are in.
   *
   * @param how - in words
   * @param code - null: it was ended by a signal, or never began
   */
  onEnd(how: string, end: { readonly code: number | null; readonly signal: string | null }): void;
}

/** Of the kernel's clock in /proc. */
const MS_PER_TICK = 10;

/** A child of the supervisor: one life of an OS process that hosts nodes. */
export class OsProcess {
  private readonly child: ChildProcess;
  private stderr = '';
  private guard: ChildProcess | null = null;
  private ended = false;
  private readonly end: Promise<void>;

  constructor(events: OsProcessEvents) {
    this.child = fork(fileURLToPath(new URL('child.js', import.meta.url)), [], {
      execArgv: [YOUNG],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      serialization: 'advanced',
    });
    this.child.on('message', (report: Report) => events.onReport(report));
    this.child.stderr?.on('data', (chunk: Buffer) => {
      this.stderr = (this.stderr + chunk.toString()).slice(-STDERR_BYTES);
    });
    this.end = new Promise((resolve) => {
      const ended = (how: string, code: number | null, signal: string | null): void => {
        if (this.ended) return;
        this.ended = true;
        this.dropGuard();
        const words = this.stderr === '' ? '' : `\n${this.stderr.trimEnd()}`;
        events.onEnd(`${how}${words}`, { code, signal });
        resolve();
      };
      // 'close' comes after 'exit', when its pipes are empty: also that of the reports.
      this.child.on('close', (code, signal) => {
        ended(signal ?? `exit code ${code}`, code, signal);
      });
      this.child.on('error', (error) => {
        if (this.child.pid === undefined) ended(error.message, null, null);
      });
    });
  }

  send(order: Order): void {
    // One that is dying takes no orders; 'close' tells.
    if (this.child.connected) this.child.send(order, () => {});
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  /**
   * A stopped process cannot notice that its supervisor died, so a guard that does stands by it:
   * when its input ends, for whatever reason, it lets the stopped process go on.
   */
  pause(): void {
    const { pid } = this.child;
    if (pid === undefined || this.ended) return;
    const script = 'trap "" INT HUP TERM; read -r _; kill -CONT "$1"';
    this.guard = spawn('/bin/sh', ['-c', script, 'sh', String(pid)], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    this.guard.on('error', () => {});
    this.guard.stdin?.on('error', () => {});
    this.child.kill('SIGSTOP');
  }

  resume(): void {
    this.child.kill('SIGCONT');
    this.dropGuard();
  }

  /** Its processor time; 0 where /proc is not at hand. */
  computedMs(): number {
    try {
      const stat = readFileSync(`/proc/${this.child.pid}/stat`, 'utf8');
      // The name, in parentheses, may hold anything; utime and stime are fields 14 and 15.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
    } catch {
      return 0;
    }
  }

  /** Resolves when the process is gone and all its reports are in. */
  gone(): Promise<void> {
    return this.end;
  }

  private dropGuard(): void {
    this.guard?.kill('SIGKILL');
    this.guard = null;
  }
}
