/** What an invariant is to scenarios and to plugins. Those that come along are in `checker/`. */
import type { ObservationSink } from '../core/observations.js';
import type { Configurable, Configured } from '../core/configured.js';

/** Where an invariant broke first. */
export interface Break {
  readonly timeUs: number;
  /** A sentence for the user, with the names of those concerned. */
  readonly explanation: string;
}

/** Something that must always (safety) or in due time (liveness) be so. Fed after the health. */
export interface Invariant extends ObservationSink {
  /** As scenarios name it: the context that it is created with tells. */
  readonly name: string;
  /** It is about times or health: not to be judged where processes stood still for too long. */
  readonly isTimed?: boolean;
  /** The first break; null while it holds. */
  readonly broken: Break | null;
  /** Called once, when the run ends at `timeUs`. */
  finish?(timeUs: number): void;
}

/** How an invariant is offered to scenarios. `Context`: what it may look at, see `checker/`. */
export interface InvariantImplementation<Settings = unknown, Context = unknown>
  extends Omit<Configurable<Settings>, 'messages'> {
  /** What must be so, in one sentence. */
  readonly description: string;
  /**
   * It judges by the very instants of what happened: not in a world that can hold processes up
   * without telling.
   */
  readonly exact?: boolean;
  create(settings: Settings, context: Context): Invariant;
}

/** An invariant that a scenario asks for. */
export type ChosenInvariant = Configured<InvariantImplementation>;
