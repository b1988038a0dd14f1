import type { Observation } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { sample } from '../random/distributions.js';
import { draw } from '../random/streams.js';
import type { FaultControls } from '../world.js';
import type { Entry, Fault } from './entries.js';
import type { Inventory } from '../inventory.js';
import { Phases, type Begun } from './phases.js';

const US_PER_S = 1e6;

/** What a ticket of {@link FaultControls.schedule} is for. */
const BEGIN = 0;
const END = 1;

/** A strike of an entry, or the end or a flap of the fault of that number. */
export type Due =
  | { readonly what: 'strike'; readonly entry: Entry; readonly unit: number }
  | { readonly what: 'end' | 'flap'; readonly fault: number };

/** When the faults of a scenario strike, flap and end. */
export class Timetable {
  /** All faults are over: what comes by chance, as recorded or during a phase comes no more. */
  healed = false;
  readonly #entries: readonly Entry[];
  readonly #controls: FaultControls;
  readonly #endUs: number;
  /** Null where no entry waits for one: all observations pass here. */
  readonly #phases: Phases | null;

  /** @param endUs - of the run */
  constructor(
    entries: readonly Entry[], inventory: Inventory, controls: FaultControls, endUs: number,
  ) {
    this.#entries = entries;
    this.#controls = controls;
    this.#endUs = endUs;
    const isConditional = entries.some(({ settings: { when } }) => when.kind === 'during');
    this.#phases = isConditional ? new Phases(inventory) : null;
  }

  /** Schedules the first strike of each entry, of each unit where random. */
  start(): void {
    for (const entry of this.#entries) {
      const { when } = entry.settings;
      if (when.kind === 'at') this.#scheduleStrike(entry, 0, when.atUs);
      else if (when.kind === 'every') this.#scheduleStrike(entry, 0, when.fromUs);
      else if (when.kind === 'trace') {
        for (let unit = 0; unit < when.nodes; unit += 1) this.#scheduleOutage(entry, unit);
      } else if (when.kind === 'random') {
        const units = entry.drawn!.length;
        for (let unit = 0; unit < units; unit += 1) this.#scheduleLife(entry, unit, when.fromUs);
      }
    }
  }

  /** What the ticket that is due is for. */
  read(ticket: number): Due {
    if (ticket < 0) return { what: 'flap', fault: -1 - ticket };
    const what = ticket % 2;
    const rest = (ticket - what) / 2;
    if (what === END) return { what: 'end', fault: rest };
    const entry = this.#entries[rest % this.#entries.length];
    return { what: 'strike', entry, unit: (rest - entry.index) / this.#entries.length };
  }

  observe(process: Address, observation: Observation): void {
    const begun = this.#phases?.observe(process, observation) ?? null;
    if (begun !== null) this.#phaseBegan(begun);
  }

  /** The next strike of an entry that comes at regular times. */
  scheduleAgain(entry: Entry, unit: number): void {
    const { when } = entry.settings;
    if (when.kind !== 'every') return;
    this.#scheduleStrike(entry, unit + 1, this.#controls.now() + when.everyUs);
  }

  /** A fault of links comes or goes: when it goes or comes again, if it flaps. */
  scheduleFlap({ number, entry, unit, flaps }: Fault): void {
    const { flapping } = entry.settings;
    if (flapping === undefined) return;
    const strike = entry.drawn === null ? unit : entry.drawn[unit];
    const u = draw(entry.flaps, strike, flaps);
    const lastingUs = toUs(sample(flaps % 2 === 0 ? flapping.bad : flapping.good, u));
    const untilUs = this.#controls.now() + Math.max(lastingUs, flapping.atLeastUs);
    this.#controls.schedule(untilUs, -1 - number);
  }

  /** The fault's own repair, reckoned from now. */
  scheduleEnd({ number, repairUs, recalled, entry, unit }: Fault): void {
    const nowUs = this.#controls.now();
    const { recorded } = entry;
    // A trace says when it ends, however long it took to leave.
    const dueUs = recorded === null ? nowUs + repairUs : recorded.replay.endOf(unit);
    const atUs = recalled ? nowUs + 1 : Math.max(dueUs, nowUs + 1);
    // What heavy tails draw may be later than any time.
    if (atUs > Number.MAX_SAFE_INTEGER) return;
    this.#controls.schedule(atUs, number * 2 + END);
  }

  /** How long until the fault's own repair; Infinity: there is none. */
  repairOf(entry: Entry, unit: number): number {
    const { repair } = entry.settings;
    if (repair === null) return Infinity;
    // A random entry's k-th fault has the k-th repair, whatever was skipped elsewhere.
    const ordinal = entry.drawn === null ? 0 : entry.drawn[unit];
    return toUs(sample(repair, draw(entry.repairs, unit, ordinal)));
  }

  /** A phase began that conditional entries may have been waiting for. */
  #phaseBegan(begun: Begun): void {
    const nowUs = this.#controls.now();
    for (const entry of this.#entries) {
      const { waiting } = entry;
      const { when } = entry.settings;
      if (when.kind !== 'during' || when.during !== begun.phase || waiting.pending) continue;
      if (this.healed || nowUs < when.fromUs || nowUs >= when.untilUs) continue;
      if (when.times !== null && waiting.strikes >= when.times) continue;
      const occurrence = waiting.strikes;
      waiting.strikes += 1;
      waiting.pending = true;
      waiting.begun = begun;
      const delayUs = toUs(sample(when.after, draw(entry.lifetimes, 0, occurrence)));
      if (nowUs + delayUs >= this.#endUs) continue;
      this.#controls.schedule(nowUs + delayUs, this.#ticketOf(entry, occurrence));
    }
  }

  /** Of a strike that is due: whether the phase that it waited for is over already. */
  isTooLate({ waiting }: Entry): boolean {
    waiting.pending = false;
    return this.#phases!.isOver(waiting.begun!.number);
  }

  /** A further strike of an entry, of that number. */
  scheduleStep(entry: Entry, unit: number, delayUs: number): void {
    this.#scheduleStrike(entry, unit, this.#controls.now() + Math.max(1, delayUs));
  }

  /** What comes after a fault is over, or was spared. */
  scheduleNext(entry: Entry, unit: number): void {
    if (entry.recorded === null) this.#scheduleLife(entry, unit, this.#controls.now());
    else this.#scheduleOutage(entry, unit);
  }

  #scheduleOutage(entry: Entry, unit: number): void {
    const { replay } = entry.recorded!;
    const nowUs = this.#controls.now();
    if (this.healed) return;
    while (replay.next(unit)) {
      // Of an outage that was over before the one ahead of it came to an end, nothing is left.
      if (replay.endUs <= nowUs + 1) continue;
      return this.#scheduleStrike(entry, unit, Math.max(replay.beginUs, nowUs + 1));
    }
  }

  #scheduleLife(entry: Entry, unit: number, fromUs: number): void {
    const { when } = entry.settings;
    if (when.kind !== 'random' || this.healed) return;
    const ordinal = entry.drawn![unit];
    entry.drawn![unit] = ordinal + 1;
    const u = draw(entry.lifetimes, unit, ordinal);
    this.#scheduleStrike(entry, unit, fromUs + toUs(sample(when.lifetime, u)));
  }

  #scheduleStrike(entry: Entry, unit: number, atUs: number): void {
    const { when } = entry.settings;
    // What would come too late needs no pending event: a million long-lived units cost nothing.
    const within = when.kind === 'at' || when.kind === 'trace' || atUs < when.untilUs;
    if (atUs >= this.#endUs || !within) return;
    this.#controls.schedule(atUs, this.#ticketOf(entry, unit));
  }

  #ticketOf(entry: Entry, unit: number): number {
    return (unit * this.#entries.length + entry.index) * 2 + BEGIN;
  }
}

/** At least 1: what a fault causes is never at its own instant. */
function toUs(seconds: number): number {
  return Math.max(1, Math.round(seconds * US_PER_S));
}
