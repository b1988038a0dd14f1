/** How far a sweep is, on stderr; nothing unless that is a terminal. */
import type cliProgress from 'cli-progress';
import { count } from '../../analysis/words.js';
import type { Done } from '../../campaign/sweep/run-sweep.js';
import { barOf, leftText } from '../progress.js';

export class SweepProgress {
  private readonly bar: cliProgress.SingleBar | null;
  private readonly started = performance.now();

  constructor(visible: boolean) {
    this.bar = barOf('{bar} {runs} of {of} runs{crashed}{left}', visible);
    this.bar?.start(1, 0, { runs: '0', of: '?', crashed: '', left: '' });
  }

  show({ runs, of, crashed, share, before }: Done): void {
    const elapsed = (performance.now() - this.started) / 1000;
    const mine = share - before;
    this.bar?.update(share, {
      runs: count(runs),
      of: count(of),
      crashed: crashed === 0 ? '' : ` (${count(crashed)} crashed)`,
      left: leftText(elapsed, mine, 1 - share),
    });
  }

  stop(): void {
    this.bar?.stop();
  }
}
