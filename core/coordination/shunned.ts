/**
 * Managers that live but that some resource's agent does not come to: it left one as silent, or
 * goes on asking for another than it was given. Between the two a link is down or deaf, which only
 * the agent notices; so the coordinator keeps in mind whom it tried, lest it try the same again.
 */
import type { CoreConfig } from './config.js';
import { compareTokens, type Token } from '../identity.js';
import type { Address } from '../process.js';
import { roundUs } from './walk-terms.js';

interface Trial {
  readonly managers: Address[];
  /** Given, and asked for in vain since; null: not asked for again so far. */
  token: Token | null;
  /** Which life of the resource asked. */
  incarnation: number;
  sinceUs: number;
  lastUs: number;
}

const none: readonly Address[] = [];

/** For so long it is kept in mind whom an agent did not come to. */
export function shunnedForUs(
  config: Pick<CoreConfig, 'resources' | 'seeds'>, managers: number,
): number {
  const { answerTimeoutUs, retryMaxUs } = config.resources;
  // An agent that waits for answers in vain asks anew well within that time.
  return Math.max(4 * (answerTimeoutUs + retryMaxUs), 2 * roundUs(config, managers));
}

export class Shunned {
  /** By resource, the one that was touched last at the end. */
  readonly #trials = new Map<number, Trial>();
  readonly #patienceUs: number;
  /** Who does not ask for longer has come to its manager. */
  readonly #quietUs: number;
  readonly #memoryUs: number;

  /** @param managers - how many are known from the start */
  constructor(config: CoreConfig, managers: number) {
    // As long as it would wait for the answers of one that it had come to.
    this.#patienceUs = config.resources.answerTimeoutUs;
    this.#quietUs = Math.max(this.#patienceUs, roundUs(config, managers));
    this.#memoryUs = shunnedForUs(config, managers);
  }

  of(resource: number): readonly Address[] {
    return this.#trials.get(resource)?.managers ?? none;
  }

  /** Its agent does not come to this one. */
  add(resource: number, manager: Address, nowUs: number): void {
    const { managers } = this.#touch(resource, nowUs);
    if (!managers.includes(manager)) managers.push(manager);
  }

  /** All have been tried: from the beginning. */
  clear(resource: number): void {
    this.#trials.delete(resource);
  }

  /**
   * It asks though it was given that assignment; true if it has done so for too long. Who did not
   * ask meanwhile, or lives anew, had come to its manager: it begins to ask.
   */
  asksAgain(resource: number, token: Token, incarnation: number, nowUs: number): boolean {
    const quietUs = nowUs - (this.#trials.get(resource)?.lastUs ?? nowUs);
    const trial = this.#touch(resource, nowUs);
    const isSame = compareTokens(trial.token, token) === 0 && trial.incarnation === incarnation;
    if (!isSame || quietUs > this.#quietUs) {
      trial.token = token;
      trial.incarnation = incarnation;
      trial.sinceUs = nowUs;
    }
    return nowUs - trial.sinceUs > this.#patienceUs;
  }

  /** The periodic look: what is long past is forgotten. */
  check(nowUs: number): void {
    for (const [resource, { lastUs }] of this.#trials) {
      if (nowUs - lastUs <= this.#memoryUs) break;
      this.#trials.delete(resource);
    }
  }

  #touch(resource: number, nowUs: number): Trial {
    const trial = this.#trials.get(resource) ??
      { managers: [], token: null, incarnation: -1, sinceUs: nowUs, lastUs: nowUs };
    trial.lastUs = nowUs;
    this.#trials.delete(resource);
    this.#trials.set(resource, trial);
    return trial;
  }
}
