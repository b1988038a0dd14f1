/**
 * Situations: what an exploration tells seeds apart by. A mark of core; a mark that was the next
 * other one after a mark; a mark under a setting that the seed had drawn.
 */
import type { Observation, ObservationSink } from '../../core/observations.js';
import type { Address } from '../../core/process.js';

export class Situations implements ObservationSink {
  /** How often each mark was reached. */
  readonly marks = new Map<string, number>();
  readonly #pairs = new Set<string>();
  #last = '';

  observe(_timeUs: number, _process: Address, observation: Observation): void {
    if (observation.type !== 'mark') return;
    const { name } = observation;
    this.marks.set(name, (this.marks.get(name) ?? 0) + 1);
    if (name === this.#last) return;
    if (this.#last !== '') this.#pairs.add(`${this.#last} > ${name}`);
    this.#last = name;
  }

  /** By name. */
  all(settings: Readonly<Record<string, string>>): string[] {
    const marks = [...this.marks.keys()];
    const under = Object.entries(settings).flatMap(([setting, choice]) =>
      marks.map((mark) => `${mark} @ ${setting} ${choice}`));
    return [...marks, ...this.#pairs, ...under];
  }
}

/** How many situations so many seeds had come to, in the order of the seeds. */
export interface Saturation {
  readonly seeds: number;
  readonly situations: number;
}

export interface Unseen {
  /** Reached by all seeds together. */
  readonly situations: number;
  /** At seeds that double, and at the last. */
  readonly saturation: readonly Saturation[];
  /**
   * The chance that the next seed comes to a situation that none has come to: the share of seeds
   * with one that no other seed came to (I. J. Good, "The population frequencies of species and the
   * estimation of population parameters", Biometrika 40, 1953, for samples that hold several).
   */
  readonly chanceOfNew: number;
}

/** Whatever the order in which seeds come in. */
export class Coverage {
  readonly #seeds: number[] = [];
  /** The smallest seed that came to each, and whether it is the only one. */
  readonly #first = new Map<string, { seed: number; alone: boolean }>();

  add(seed: number, situations: readonly string[]): void {
    this.#seeds.push(seed);
    for (const situation of situations) {
      const known = this.#first.get(situation);
      if (known === undefined) {
        this.#first.set(situation, { seed, alone: true });
      } else {
        known.alone = false;
        known.seed = Math.min(known.seed, seed);
      }
    }
  }

  /** Reached up to now. */
  get situations(): number {
    return this.#first.size;
  }

  result(): Unseen {
    const seeds = [...this.#seeds].sort((a, b) => a - b);
    const firsts = [...this.#first.values()].map(({ seed }) => seed).sort((a, b) => a - b);
    const saturation: Saturation[] = [];
    let reached = 0;
    for (let count = 1; seeds.length > 0; count = Math.min(2 * count, seeds.length)) {
      while (reached < firsts.length && firsts[reached] <= seeds[count - 1]) reached += 1;
      saturation.push({ seeds: count, situations: reached });
      if (count === seeds.length) break;
    }
    const alone = new Set([...this.#first.values()].flatMap((one) => one.alone ? [one.seed] : []));
    const chanceOfNew = seeds.length === 0 ? 1 : alone.size / seeds.length;
    return { situations: firsts.length, saturation, chanceOfNew };
  }
}
