import type { Heard } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { ballotKey } from '../truth/index.js';
import { Watch } from './watch.js';

/** Safety of the election: the fence on everything a coordinator says is its own. */
export class OneCoordinatorPerBallot extends Watch {
  static readonly title = 'one-coordinator-per-ballot';
  static readonly meaning =
    'No ballot is ever taken by two managers, nor twice by one that crashed in between.';
  readonly hears = ['process-up', 'coordinator-elected'] as const;
  /** Who took each ballot, in which of its lives. */
  readonly #takers = new Map<string, { readonly address: Address; readonly life: number }>();
  readonly #lives = new Map<Address, number>();

  observe(
    timeUs: number, process: Address, observation: Heard<OneCoordinatorPerBallot['hears']>,
  ): void {
    if (observation.type === 'process-up') {
      this.#lives.set(process, (this.#lives.get(process) ?? 0) + 1);
    } else if (observation.type === 'coordinator-elected') {
      const key = ballotKey(observation.ballot);
      const life = this.#lives.get(process) ?? 0;
      const taker = this.#takers.get(key);
      if (taker === undefined) {
        this.#takers.set(key, { address: process, life });
      } else if (taker.address !== process || taker.life !== life) {
        const first = this.process(taker.address);
        const who = taker.address === process ? `${first} again, restarted` : this.process(process);
        this.break(timeUs, `ballot ${key} was taken by ${first} and then by ${who}`);
      }
    }
  }
}
