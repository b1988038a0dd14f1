/** The fixed timeout: suspected once silent for longer than a configured time. */
import { RowArena } from '../row-arena.js';
import type { BuiltInDetector, Detector } from './detector.js';

/** In the place of a time: never overdue. One column, so that a sign of life touches no other. */
const unwatched = Infinity;
const suspected = Number.MAX_VALUE;

export class FixedTimeout implements Detector {
  readonly #timeoutUs: number;
  readonly #arena: RowArena;
  /** Where the times begin at which each row was last heard, and how many fit. */
  #first: number;
  #capacity: number;
  readonly #owner: number;
  #rows = 0;
  /** No watched row that is not suspected was last heard before: spares most checks their scan. */
  #earliestUs = -Infinity;

  /**
   * @param owner - tells the detectors in `arena` apart
   * @param arena - with one number in a row
   */
  constructor(timeoutUs: number, owner = 0, arena = new RowArena(1)) {
    this.#timeoutUs = timeoutUs;
    this.#owner = owner;
    this.#arena = arena;
    const { first, rows } = arena.claim(owner);
    this.#first = first;
    this.#capacity = rows;
    this.#vacate(0);
  }

  watch(row: number, nowUs: number): void {
    this.#earliestUs = Math.min(this.#earliestUs, nowUs);
    if (row >= this.#capacity) this.#grow(row);
    this.#rows = Math.max(this.#rows, row + 1);
    this.heard(row, nowUs);
  }

  heard(row: number, nowUs: number): void {
    this.#arena.doubles[this.#first + row] = nowUs;
  }

  seen(row: number, nowUs: number): void {
    this.heard(row, nowUs);
  }

  forget(row: number): void {
    this.#arena.doubles[this.#first + row] = unwatched;
  }

  isSuspected(row: number): boolean {
    return this.#arena.doubles[this.#first + row] === suspected;
  }

  check(nowUs: number, suspect: (row: number) => void): void {
    const latest = nowUs - this.#timeoutUs;
    if (this.#earliestUs >= latest) return;
    let earliestUs = nowUs;
    const rows = this.#rows;
    for (let row = 0; row < rows; row += 1) {
      const heardUs = this.#arena.doubles[this.#first + row];
      if (heardUs < latest) {
        this.#arena.doubles[this.#first + row] = suspected;
        suspect(row);
      } else if (heardUs < earliestUs) {
        earliestUs = heardUs;
      }
    }
    this.#earliestUs = earliestUs;
  }

  #grow(row: number): void {
    const { first, rows } = this.#arena.enlarge(this.#owner, row + 1);
    const former = this.#capacity;
    this.#first = first;
    this.#capacity = rows;
    this.#vacate(former);
  }

  #vacate(row: number): void {
    this.#arena.doubles.fill(unwatched, this.#first + row, this.#first + this.#capacity);
  }
}

export const fixedTimeout = {
  fields: {},
  create: (_settings, { timeoutUs }, { environment, arena }) =>
    new FixedTimeout(timeoutUs, environment.address, arena),
  limitUs: (_settings, { timeoutUs }) => timeoutUs,
  leastUs: (_settings, { timeoutUs }) => timeoutUs,
  tuning: { path: 'coordination.resources.timeout', low: 1.2, high: 10, unit: 'periods' },
  drawn: [{}],
} as const satisfies BuiltInDetector<unknown>;
