/** Messages that beget messages: noticed while they do, not when there are too many at last. */
import { deriveBounds } from '../../checker/bounds/index.js';
import type { ResolvedScenario } from '../../experiment/scenario/index.js';
import type { Failure } from './failure.js';

const second = 1e6;
/** Of simulated time. */
const WINDOW_US = 10 * second;
/** Dozens of times what a healthy system needs. */
const PLENTY = 30;
/** What recovery may take of each node at once: all join, register and report. */
const BURST = 400;

export class StormWatch {
  /** When it was noticed; null: there is none. */
  #atUs: number | null = null;
  readonly #most: number;
  readonly #mostInAll: number;
  #windowUs = 0;
  /** Up to the beginning of the window, and of the one before. */
  #before = 0;
  #events = 0;

  constructor(scenario: ResolvedScenario) {
    const { system, durationUs } = scenario;
    const { total } = deriveBounds(scenario).expected;
    const resources = system.resources.reduce((sum, { count }) => sum + count, 0);
    const burst = 1e4 + BURST * (system.managers + resources);
    this.#most = burst + PLENTY * total * (WINDOW_US / second);
    this.#mostInAll = 1e5 + 50 * total * (durationUs / second);
  }

  /** To be called often. @returns whether it goes on */
  look(timeUs: number, events: number): boolean {
    if (timeUs >= this.#windowUs + WINDOW_US) {
      this.#windowUs = timeUs;
      this.#before = events;
    }
    this.#events = events;
    if (events - this.#before > this.#most || events > this.#mostInAll) this.#atUs ??= timeUs;
    return this.#atUs === null;
  }

  /**
   * What there is to say; null: it was none.
   *
   * @param mostSent - the type of message of which most were sent
   */
  failure(mostSent: string): Omit<Failure, 'invariant'> | null {
    if (this.#atUs === null) return null;
    const now = this.#events - this.#before;
    const withinS = (this.#atUs - this.#windowUs) / second;
    const [events, within] = now <= this.#most ? [this.#events, ' in all']
      : [now, withinS < 0.05 ? ' in one instant' : ` within ${withinS.toFixed(1)} s`];
    const explanation = `${events} events${within} and no end of it, most of them ${mostSent}`;
    return { explanation, timeS: this.#atUs / second };
  }
}
