/** The fixed timeout: suspected once silent for longer than a configured time. */
import type { Detector } from './detector.js';

/** In the place of a time: never overdue. One column, so that a sign of life touches no other. */
const unwatched = Infinity;
const suspected = Number.MAX_VALUE;

export class FixedTimeout implements Detector {
  readonly #timeoutUs: number;
  #lastHeardUs = new Float64Array(16).fill(unwatched);
  #rows = 0;
  /** No watched row that is not suspected was last heard before: spares most checks their scan. */
  #earliestUs = -Infinity;

  constructor(timeoutUs: number) {
    this.#timeoutUs = timeoutUs;
  }

  watch(row: number, nowUs: number): void {
    this.#earliestUs = Math.min(this.#earliestUs, nowUs);
    if (row >= this.#lastHeardUs.length) this.#grow(row);
    this.#rows = Math.max(this.#rows, row + 1);
    this.heard(row, nowUs);
  }

  heard(row: number, nowUs: number): void {
    this.#lastHeardUs[row] = nowUs;
  }

  forget(row: number): void {
    this.#lastHeardUs[row] = unwatched;
  }

  isSuspected(row: number): boolean {
    return this.#lastHeardUs[row] === suspected;
  }

  check(nowUs: number, suspect: (row: number) => void): void {
    const latest = nowUs - this.#timeoutUs;
    if (this.#earliestUs >= latest) return;
    let earliestUs = nowUs;
    const lastHeardUs = this.#lastHeardUs;
    const rows = this.#rows;
    for (let row = 0; row < rows; row += 1) {
      if (lastHeardUs[row] < latest) {
        lastHeardUs[row] = suspected;
        suspect(row);
      } else if (lastHeardUs[row] < earliestUs) {
        earliestUs = lastHeardUs[row];
      }
    }
    this.#earliestUs = earliestUs;
  }

  forgive(nowUs: number): void {
    for (let row = 0; row < this.#rows; row += 1) {
      if (this.#lastHeardUs[row] < suspected) this.#lastHeardUs[row] = nowUs;
    }
  }

  #grow(row: number): void {
    const size = Math.max(2 * this.#lastHeardUs.length, row + 1);
    const lastHeardUs = new Float64Array(size).fill(unwatched);
    lastHeardUs.set(this.#lastHeardUs);
    this.#lastHeardUs = lastHeardUs;
  }
}
