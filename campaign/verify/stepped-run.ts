/** A run that goes on step by step, so that others can be held against it while they last. */
import { createHash } from 'node:crypto';
import type { Observation, ObservationSink } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { buildInventory } from '../../experiment/inventory.js';
import type { ResolvedScenario } from '../../experiment/scenario/index.js';
import { Journal, runSimulation, type JournalEvent, type SimWorld } from '../../sim/index.js';

/** Events of a step, about: two runs that agree end their steps after the same event. */
const STEP = 16_384;

/** How far a run has come. */
export interface Step {
  /** Over all events so far, and what was observed since the last step. */
  readonly digest: string;
  readonly timeUs: number;
  /** Null: it goes on. */
  readonly end: RunEnd | null;
}

export interface RunEnd {
  readonly digest: string;
  readonly eventDigest: string;
  readonly events: number;
}

/** What happened in a step, in order. */
export interface StepRecords {
  /** Number in the run of the first event. */
  readonly first: number;
  readonly events: readonly JournalEvent[];
  /** With the number of the event in which it was observed. */
  readonly observations: readonly (readonly [event: number, text: string])[];
}

/** A run, here or in another process. */
export interface SteppedRun {
  /** Goes on to the end of the next step. @throws what the run throws */
  next(): Promise<Step>;
  /** Of the step that `next` came to last. */
  records(): Promise<StepRecords>;
  /** It is not needed any more. */
  abandon(): void;
}

/** What is different about a run that must not make a difference. */
export interface Circumstances {
  readonly queue: ResolvedScenario['engine']['queue'];
  /** Seeds of runs that are made in the same process before. */
  readonly after: readonly number[];
}

export class LocalRun implements SteppedRun, ObservationSink {
  private readonly scenario: ResolvedScenario;
  private readonly after: readonly number[];
  private readonly journal = new Journal();
  private world: SimWorld | null = null;
  /** Number of the first event of the step. */
  private first = 0;
  private observations: (readonly [number, string])[] = [];
  /** Who waits for the end of a step, and how the run goes on after it. */
  private waiting: ((step: Step | Promise<never>) => void) | null = null;
  private goOn: ((goOn: boolean) => void) | null = null;
  private abandoned = false;

  constructor(scenario: ResolvedScenario, { queue, after }: Circumstances) {
    this.scenario = { ...scenario, engine: { ...scenario.engine, queue } };
    this.after = after;
  }

  next(): Promise<Step> {
    return new Promise((resolve) => {
      this.waiting = resolve;
      const { goOn } = this;
      if (goOn === null) return void this.run();
      this.goOn = null;
      this.forget();
      goOn(true);
    });
  }

  records(): Promise<StepRecords> {
    const { first, journal, observations } = this;
    const events = Array.from({ length: journal.length }, (_, index) => journal.event(index));
    return Promise.resolve({ first, events, observations });
  }

  abandon(): void {
    this.abandoned = true;
    this.goOn?.(false);
  }

  observe(timeUs: number, process: Address, observation: Observation): void {
    const text = JSON.stringify([timeUs, process, observation]);
    this.observations.push([this.first + this.journal.length - 1, text]);
  }

  private async run(): Promise<void> {
    try {
      const { scenario } = this;
      for (const seed of this.after) await runAlone({ ...scenario, seed });
      const result = await runSimulation(scenario, buildInventory(scenario), {
        sinks: [this],
        samplePeriodUs: 0,
        sample: () => undefined,
        progress: (timeUs) => this.journal.length < STEP || this.pause(timeUs),
      }, {
        listener: this.journal,
        prepare: (world) => {
          this.world = world;
          this.journal.loop = world.loop;
        },
      });
      if (result.interrupted) return;
      const { events } = result;
      const end = { digest: result.digest!, eventDigest: result.eventDigest!, events };
      this.waiting?.({ digest: this.digest(end.digest), timeUs: result.endUs, end });
    } catch (error) {
      this.waiting?.(Promise.reject(error));
    }
  }

  private pause(timeUs: number): Promise<boolean> | boolean {
    if (this.abandoned) return false;
    return new Promise((resolve) => {
      this.goOn = resolve;
      this.waiting?.({ digest: this.digest(''), timeUs, end: null });
    });
  }

  private digest(end: string): string {
    const hash = createHash('sha256');
    for (const [event, text] of this.observations) hash.update(`${event} ${text}\n`);
    return `${this.world!.loop.digest} ${hash.digest('hex')} ${end}`;
  }

  private forget(): void {
    const { journal } = this;
    this.first += journal.length;
    journal.forget();
    this.observations = [];
  }
}

async function runAlone(scenario: ResolvedScenario): Promise<void> {
  await runSimulation(scenario, buildInventory(scenario), {
    sinks: [], samplePeriodUs: 0, sample: () => undefined, progress: () => true,
  });
}
