/** Where the processor time of an exploration goes. */
import type { Observation, ObservationSink } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { Fork } from '../../experiment/fork.js';

/** Of one seed, in milliseconds. */
export interface Spent {
  /** Drawing its settings and faults. */
  readonly drawing: number;
  /** Simulating, judging included. */
  readonly running: number;
  /** What measures and judges, as far as that can be told by a few samples. */
  readonly judging: number;
}

export interface TimeSpent {
  readonly cpuSeconds: number;
  /** Shares of it. */
  readonly drawing: number;
  readonly simulating: number;
  readonly judging: number;
  /** The most expensive first. */
  readonly slowest: readonly { readonly seed: number; readonly seconds: number }[];
}

export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** One of so many observations is timed; a prime, lest it be the same of each round. */
const EVERY = 61;

/** The sinks that judge, one after the other. */
export class TimedSinks implements ObservationSink {
  /** An estimate, in milliseconds. */
  spentMs = 0;
  readonly #sinks: Fork;
  #turn = 0;

  constructor(sinks: readonly ObservationSink[]) {
    this.#sinks = new Fork(sinks);
  }

  observe(timeUs: number, process: Address, observation: Observation): void {
    this.#turn += 1;
    if (this.#turn < EVERY) return this.#sinks.observe(timeUs, process, observation);
    this.#turn = 0;
    const began = performance.now();
    this.#sinks.observe(timeUs, process, observation);
    this.spentMs += EVERY * (performance.now() - began);
  }
}

const SLOWEST = 5;

export class Clock {
  #drawing = 0;
  #running = 0;
  #judging = 0;
  #slowest: { readonly seed: number; readonly seconds: number }[] = [];

  add(seed: number, { drawing, running, judging }: Spent): void {
    this.#drawing += drawing;
    this.#running += running;
    this.#judging += Math.min(judging, running);
    const seconds = Math.round(drawing + running) / 1000;
    this.#slowest.push({ seed, seconds });
    this.#slowest.sort((a, b) => b.seconds - a.seconds || a.seed - b.seed);
    this.#slowest = this.#slowest.slice(0, SLOWEST);
  }

  result(): TimeSpent {
    const all = this.#drawing + this.#running;
    const share = (part: number): number => all === 0 ? 0 : Number((part / all).toFixed(3));
    return {
      cpuSeconds: Math.round(all) / 1000,
      drawing: share(this.#drawing),
      simulating: share(this.#running - this.#judging),
      judging: share(this.#judging),
      slowest: this.#slowest,
    };
  }
}
