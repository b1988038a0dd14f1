/** What all seeds of an exploration come to together. */
import { marks } from '../../core/marks.js';
import { Finds } from './finds.js';
import { drawnKinds, drawnSettings } from './schedules/index.js';
import { Coverage, type Unseen } from './situations.js';
import type { Explored } from './task.js';
import { Clock, type TimeSpent } from './time-spent.js';

export interface Totals {
  /** Seeds that were tried to the end. */
  readonly tried: number;
  readonly faults: number;
  readonly events: number;
  /** Faults drawn, and seeds that drew any, by kind: zeroes too, of kinds that come along. */
  readonly drawn: Readonly<Record<string, { readonly faults: number; readonly seeds: number }>>;
  /** Seeds that drew each setting, choice by choice: zeroes included. Empty: none are drawn. */
  readonly settings: Readonly<Record<string, number>>;
  /** How often each situation of core was reached, and in how many seeds: zeroes included. */
  readonly marks: Readonly<Record<string, { readonly times: number; readonly seeds: number }>>;
  /** The largest settle / B of all. */
  readonly maxSettleShare: number | null;
  readonly coverage: Unseen;
  /** The only part that is another each time. */
  readonly time: TimeSpent;
}

export class Tally {
  tried = 0;
  readonly finds = new Finds();
  readonly coverage = new Coverage();
  readonly #clock = new Clock();
  #faults = 0;
  #events = 0;
  #maxSettleShare: number | null = null;
  readonly #drawn = new Map(drawnKinds.map(({ name }) => [name, { faults: 0, seeds: 0 }]));
  readonly #settings: Map<string, number>;
  readonly #marks = new Map<string, { times: number; seeds: number }>(
    marks.map((name) => [name, { times: 0, seeds: 0 }]),
  );

  constructor(drawsSettings: boolean) {
    const names = drawsSettings ? drawnSettings.flatMap(({ name, choices = [''] }) =>
      choices.map((choice) => labelOf(name, choice))) : [];
    this.#settings = new Map(names.map((name) => [name, 0]));
  }

  add(seed: number, { trial, drawn, settings, situations, spent }: Explored): void {
    this.tried += 1;
    this.#faults += trial.faults;
    this.#events += trial.events;
    const { settleShare } = trial;
    if (settleShare !== null) {
      this.#maxSettleShare = Math.max(this.#maxSettleShare ?? 0, settleShare);
    }
    for (const [kind, faults] of Object.entries(drawn)) {
      const sum = this.#drawn.get(kind) ?? { faults: 0, seeds: 0 };
      this.#drawn.set(kind, { faults: sum.faults + faults, seeds: sum.seeds + 1 });
    }
    for (const [name, choice] of Object.entries(settings)) {
      const label = labelOf(name, choice);
      this.#settings.set(label, (this.#settings.get(label) ?? 0) + 1);
    }
    for (const [name, times] of Object.entries(trial.marks)) {
      const sum = this.#marks.get(name) ?? { times: 0, seeds: 0 };
      this.#marks.set(name, { times: sum.times + times, seeds: sum.seeds + 1 });
    }
    this.coverage.add(seed, situations);
    this.#clock.add(seed, spent);
    if (trial.failure !== null) this.finds.add(seed, trial.failure);
  }

  totals(): Totals {
    return {
      tried: this.tried,
      faults: this.#faults,
      events: this.#events,
      drawn: Object.fromEntries(this.#drawn),
      settings: Object.fromEntries(this.#settings),
      marks: Object.fromEntries(this.#marks),
      maxSettleShare: this.#maxSettleShare,
      coverage: this.coverage.result(),
      time: this.#clock.result(),
    };
  }
}

function labelOf(name: string, choice: string): string {
  return choice === '' ? name : `${name}: ${choice}`;
}
