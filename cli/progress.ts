/** How far something is, as a bar on stderr: a run, and what is common to all. */
import cliProgress from 'cli-progress';
import { duration, quantity } from '../analysis/words.js';

/** Real time between two looks at the clock that do something. */
const REFRESH_MS = 100;

/** What is left is guessed from what was done: of less than this, anything might follow. */
const GUESS_AFTER_S = 2;

/** Time left, in words; empty as long as nobody can tell. */
export function leftText(elapsedS: number, doneShare: number, leftShare: number): string {
  if (elapsedS < GUESS_AFTER_S || doneShare <= 0) return '';
  return ` | ${duration((elapsedS / doneShare) * leftShare)} left`;
}

export class Progress {
  private readonly bar: cliProgress.SingleBar | null;
  private readonly durationUs: number;
  private readonly started = performance.now();
  private shown = this.started;

  constructor(durationUs: number, visible: boolean) {
    this.durationUs = durationUs;
    this.bar = barOf('{bar} {simulated} of {whole} | {rate} events/s{left}', visible);
    this.bar?.start(durationUs, 0, this.payload(0, 0));
  }

  /**
   * To be called often; now and then it lets signals and the terminal have their turn, by a
   * promise.
   */
  report(timeUs: number, events: number): Promise<void> | null {
    const now = performance.now();
    if (now - this.shown < REFRESH_MS) return null;
    this.shown = now;
    this.bar?.update(timeUs, this.payload(timeUs, events));
    return new Promise((resolve) => setImmediate(resolve));
  }

  stop(): void {
    this.bar?.stop();
  }

  private payload(timeUs: number, events: number): object {
    const elapsed = (performance.now() - this.started) / 1000;
    const share = timeUs / this.durationUs;
    return {
      simulated: duration(timeUs / 1e6),
      whole: duration(this.durationUs / 1e6),
      rate: elapsed > 0 ? quantity(events / elapsed) : '0',
      left: leftText(elapsed, share, 1 - share),
    };
  }
}

/** Null where nobody could see it. */
export function barOf(format: string, visible: boolean): cliProgress.SingleBar | null {
  if (!visible || !process.stderr.isTTY) return null;
  return new cliProgress.SingleBar({
    stream: process.stderr,
    format,
    barCompleteChar: '#',
    barIncompleteChar: '.',
    barsize: 24,
    hideCursor: false,
    clearOnComplete: true,
    stopOnComplete: false,
    fps: 10,
    gracefulExit: false,
  });
}
