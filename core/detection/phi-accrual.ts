/**
 * The phi accrual failure detector (Hayashibara, Defago, Yared, Katayama, SRDS 2004): suspicion is
 * a level that grows with silence, phi = -log10 P(a heartbeat still comes after so long a silence),
 * where intervals between heartbeats are taken for normal with the mean and deviation seen lately.
 */
import erfcinv from '@stdlib/math-base-special-erfcinv';
import exp from '@stdlib/math-base-special-exp';
import { count, duration, number, outlasts, period, type Settings } from '../settings.js';
import type { BuiltInDetector, Detector, Rhythm } from './detector.js';

export interface Beats {
  readonly resources: { readonly heartbeatPeriodUs: number };
  readonly managers: { readonly heartbeatPeriodUs: number };
}

export const phiAccrualFields = {
  /** 8 takes one heartbeat in 10^8 for the last. */
  threshold: number(1, 100, {
    usual: 8,
    meaning:
      'Suspected once phi, -log10 of the chance that a heartbeat still comes, exceeds it.',
  }),
  minDeviation: duration({
    meaning:
      'Intervals are never taken for more regular than this. ' +
      'Default: a tenth of the shorter heartbeat period.',
    derive: ({ resources, managers }: Beats) =>
      Math.min(resources.heartbeatPeriodUs, managers.heartbeatPeriodUs) / 10,
  }),
  acceptablePause: duration({
    usual: '0s', meaning: 'Silence that counts for nothing, for heartbeats that get lost.',
  }),
  maxTimeout: period<Beats, number | null>({
    meaning: 'No silence is tolerated for longer. Default: no limit, and no bound promised.',
    derive: () => null,
    check: (us, { resources, managers }) => us === null ? null : outlasts(
      Math.max(resources.heartbeatPeriodUs, managers.heartbeatPeriodUs), us, 'maxTimeout',
    ),
  }),
  window: count(2, 65_535, {
    usual: 100, meaning: 'So many of the latest intervals bear most of the weight.',
  }),
};

export type PhiAccrualSettings = Settings<typeof phiAccrualFields>;

/** In the place of a deadline, as in the fixed timeout. */
const unwatched = Infinity;
const suspected = Number.MAX_VALUE;
/** In the place of the last arrival: the next interval would not be one between heartbeats. */
const broken = -1;

/** Before anything is seen, deviations are taken for this share of the configured period. */
const priorDeviation = 1 / 4;
/** Of the mean; what comes closer together was held up together and tells of no rhythm. */
const leastInterval = 1 / 4;

/** How many standard deviations above the mean phi reaches `threshold`: 5.61 for 8. */
export function deviationsAt(threshold: number): number {
  // The tail of the normal law beyond z is erfc(z / sqrt 2) / 2.
  return Math.SQRT2 * erfcinv(2 * exp(-threshold * Math.LN10));
}

/**
 * phi grows with the silence, so it exceeds the threshold exactly when the silence exceeds mean + z
 * deviations: a row's state is that deadline, and nothing needs to be computed but when a heartbeat
 * comes. Mean and variance are weighted exponentially instead of over a sliding window: two numbers
 * per row in place of hundreds. The k-th interval weighs 1/(k + 1), as in a plain average with one
 * prior observation, until that is less than 2/(window + 1), which has the mean age of a window.
 */
export class PhiAccrual implements Detector {
  readonly #settings: PhiAccrualSettings;
  readonly #deviations: number;
  readonly #leastWeight: number;
  readonly #most: number;
  readonly #priorMeanUs: number;
  readonly #priorVariance: number;
  readonly #minVariance: number;
  #deadlineUs = new Float64Array(16).fill(unwatched);
  #arrivedUs = new Float64Array(16);
  #meanUs = new Float64Array(16);
  #variance = new Float64Array(16);
  /** Intervals seen, as far as that makes a difference. */
  #count = new Uint16Array(16);
  #rows = 0;
  /** No deadline of a watched row that is not suspected lies before: spares most checks a scan. */
  #earliestUs = Infinity;

  constructor(settings: PhiAccrualSettings, { heartbeatPeriodUs }: Rhythm) {
    this.#settings = settings;
    this.#deviations = deviationsAt(settings.threshold);
    this.#leastWeight = 2 / (settings.window + 1);
    this.#most = Math.ceil(settings.window / 2);
    this.#priorMeanUs = heartbeatPeriodUs;
    const deviationUs = priorDeviation * heartbeatPeriodUs;
    this.#priorVariance = deviationUs * deviationUs;
    this.#minVariance = settings.minDeviationUs * settings.minDeviationUs;
  }

  watch(row: number, nowUs: number): void {
    if (row >= this.#deadlineUs.length) this.#grow(row);
    this.#rows = Math.max(this.#rows, row + 1);
    this.#arrivedUs[row] = broken;
    this.#meanUs[row] = this.#priorMeanUs;
    this.#variance[row] = this.#priorVariance;
    this.#count[row] = 0;
    this.#extend(row, nowUs);
  }

  heard(row: number, nowUs: number): void {
    const arrivedUs = this.#arrivedUs[row];
    // A silence that was or would have been suspected may have been an outage: it is no sample.
    if (arrivedUs !== broken && nowUs <= this.#deadlineUs[row]) this.#learn(row, nowUs - arrivedUs);
    this.#arrivedUs[row] = nowUs;
    this.#extend(row, nowUs);
  }

  seen(row: number, nowUs: number): void {
    if (nowUs > this.#deadlineUs[row]) this.#arrivedUs[row] = broken;
    this.#extend(row, nowUs);
  }

  forget(row: number): void {
    this.#deadlineUs[row] = unwatched;
  }

  isSuspected(row: number): boolean {
    return this.#deadlineUs[row] === suspected;
  }

  check(nowUs: number, suspect: (row: number) => void): void {
    if (this.#earliestUs >= nowUs) return;
    let earliestUs = Infinity;
    const deadlineUs = this.#deadlineUs;
    const rows = this.#rows;
    for (let row = 0; row < rows; row += 1) {
      if (deadlineUs[row] < nowUs) {
        deadlineUs[row] = suspected;
        this.#arrivedUs[row] = broken;
        suspect(row);
      } else if (deadlineUs[row] < earliestUs) {
        earliestUs = deadlineUs[row];
      }
    }
    this.#earliestUs = earliestUs;
  }

  stalled(): void {
    this.#arrivedUs.fill(broken, 0, this.#rows);
  }

  /** The silence after which the row is suspected. */
  #patienceUs(row: number): number {
    const { acceptablePauseUs, maxTimeoutUs } = this.#settings;
    const variance = Math.max(this.#minVariance, this.#variance[row]);
    const patienceUs =
      acceptablePauseUs + this.#meanUs[row] + this.#deviations * Math.sqrt(variance);
    return maxTimeoutUs === null ? patienceUs : Math.min(maxTimeoutUs, patienceUs);
  }

  #extend(row: number, nowUs: number): void {
    const deadlineUs = nowUs + this.#patienceUs(row);
    this.#deadlineUs[row] = deadlineUs;
    if (deadlineUs < this.#earliestUs) this.#earliestUs = deadlineUs;
  }

  #learn(row: number, intervalUs: number): void {
    const deviationUs = intervalUs - this.#meanUs[row];
    if (intervalUs < leastInterval * this.#meanUs[row]) return;
    const count = this.#count[row] + 1;
    const weight = Math.max(this.#leastWeight, 1 / (count + 1));
    this.#meanUs[row] += weight * deviationUs;
    this.#variance[row] =
      (1 - weight) * (this.#variance[row] + weight * deviationUs * deviationUs);
    if (count <= this.#most) this.#count[row] = count;
  }

  #grow(row: number): void {
    const size = Math.max(2 * this.#deadlineUs.length, row + 1);
    const deadlineUs = new Float64Array(size).fill(unwatched);
    deadlineUs.set(this.#deadlineUs);
    this.#deadlineUs = deadlineUs;
    const wider = (column: Float64Array): Float64Array<ArrayBuffer> => {
      const wide = new Float64Array(size);
      wide.set(column);
      return wide;
    };
    this.#arrivedUs = wider(this.#arrivedUs);
    this.#meanUs = wider(this.#meanUs);
    this.#variance = wider(this.#variance);
    const count = new Uint16Array(size);
    count.set(this.#count);
    this.#count = count;
  }
}

/** How much later than in the mean a heartbeat may come, whatever was learnt. */
function leastRoomUs({ acceptablePauseUs, minDeviationUs, threshold }: PhiAccrualSettings): number {
  return acceptablePauseUs + deviationsAt(threshold) * minDeviationUs;
}

const drawn = {
  threshold: { from: 2, to: 16 },
  minDeviation: { from: 0.02, to: 0.5, anySize: true, unit: 'periods' },
  acceptablePause: { from: 0, to: 3, unit: 'periods' },
  window: { from: 5, to: 200, unit: 'count' },
} as const;
const drawnLimited = { maxTimeout: { from: 2, to: 6, unit: 'periods' }, ...drawn } as const;

export const phiAccrual = {
  fields: phiAccrualFields,
  create: (settings, rhythm) => new PhiAccrual(settings, rhythm),
  limitUs: ({ maxTimeoutUs }) => maxTimeoutUs,
  leastUs: (settings) => Math.min(leastRoomUs(settings), settings.maxTimeoutUs ?? Infinity),
  learning: {
    limit: 'maxTimeout',
    room: 'acceptablePause',
    roomUs: (settings, lateUs) => {
      const roomUs = leastRoomUs(settings);
      return roomUs >= lateUs ? null : settings.acceptablePauseUs + lateUs - roomUs;
    },
    /** Intervals are a geometric number of periods. */
    usualUs: (settings, { heartbeatPeriodUs }, loss) => {
      const deviationUs = (heartbeatPeriodUs * Math.sqrt(loss)) / (1 - loss);
      const us = settings.acceptablePauseUs + heartbeatPeriodUs / (1 - loss) +
        deviationsAt(settings.threshold) * Math.max(settings.minDeviationUs, deviationUs);
      return Math.min(us, settings.maxTimeoutUs ?? Infinity);
    },
  },
  tuning: { path: 'coordination.detection.threshold', low: 1, high: 100, unit: 'count' },
  // Without a limit nothing is promised.
  drawn: [drawn, drawnLimited, drawnLimited],
} as const satisfies BuiltInDetector<PhiAccrualSettings>;
