/** How far an exploration is: a bar on a terminal, elsewhere a line a minute, on stderr. */
import type cliProgress from 'cli-progress';
import { duration, some } from '../../analysis/words.js';
import type { Standing } from '../../campaign/explore/explore.js';
import { barOf } from '../progress.js';

const MINUTE_MS = 60_000;

export class ExploreProgress {
  readonly #seeds: number;
  #standing: Standing = { tried: 0, finds: 0, situations: 0 };
  readonly #bar: cliProgress.SingleBar | null;
  readonly #timer: NodeJS.Timeout | null;
  readonly #began = performance.now();

  constructor(seeds: number, visible: boolean) {
    this.#seeds = seeds;
    this.#bar = barOf('{bar} {value} of {total} seeds | {eta_formatted} left', visible);
    this.#bar?.start(seeds, 0);
    const isPlain = visible && this.#bar === null;
    this.#timer = isPlain ? setInterval(() => this.#tell(), MINUTE_MS) : null;
  }

  update(standing: Standing): void {
    this.#standing = standing;
    this.#bar?.update(standing.tried);
  }

  stop(): void {
    this.#bar?.stop();
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  #tell(): void {
    const { tried, finds, situations } = this.#standing;
    const after = duration((performance.now() - this.#began) / 1000);
    process.stderr.write(
      `after ${after}: ${tried} of ${some(this.#seeds, 'seed')}, ${some(finds, 'find')}, ` +
        `${some(situations, 'situation')}\n`,
    );
  }
}
