import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';

const lookMs = 2_000;
/** Of a second, as /proc counts: the same on all Linux machines that Node runs on. */
const ticks = 100;

/**
 * Kills a process that has used so much processor time since the last sign of life: on a busy
 * machine a clock would kill what merely has to wait.
 */
export class Watchdog {
  /** It has been killed. */
  hasBitten = false;
  readonly #child: ChildProcess;
  readonly #secondsMost: number;
  readonly #timer: NodeJS.Timeout;
  #since = 0;

  constructor(child: ChildProcess, secondsMost: number) {
    this.#child = child;
    this.#secondsMost = secondsMost;
    this.#timer = setInterval(() => this.#look(), lookMs);
  }

  calm(): void {
    this.#since = secondsOf(this.#child.pid!);
  }

  end(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    if (secondsOf(this.#child.pid!) - this.#since < this.#secondsMost) return;
    this.hasBitten = true;
    this.#child.kill('SIGKILL');
  }
}

/** Of processor time; where the system does not tell, of the clock. */
function secondsOf(pid: number): number {
  try {
    // After the name in brackets, which may hold anything: the 14th and 15th of all.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
    return (Number(fields[11]) + Number(fields[12])) / ticks;
  } catch {
    return process.uptime();
  }
}
