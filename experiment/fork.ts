import type { Observation, ObservationSink, ObservationType } from '../core/observations.js';
import type { Address } from '../core/process.js';

/** Passes each observation on to all that hear its type, in their order. */
export class Fork implements ObservationSink {
  readonly #sinks: ObservationSink[];
  readonly #hearing = new Map<ObservationType, readonly ObservationSink[]>();

  constructor(sinks: readonly ObservationSink[]) {
    this.#sinks = [...sinks];
  }

  /** To be called before anything is observed. */
  add(sink: ObservationSink): void {
    this.#sinks.push(sink);
  }

  observe(timeUs: number, process: Address, observation: Observation): void {
    const sinks = this.#hearing.get(observation.type) ?? this.#whoHears(observation.type);
    for (const sink of sinks) sink.observe(timeUs, process, observation);
  }

  #whoHears(type: ObservationType): readonly ObservationSink[] {
    const sinks = this.#sinks.filter(({ hears }) => hears?.includes(type) ?? true);
    this.#hearing.set(type, sinks);
    return sinks;
  }
}
