/** The longest episodes from near by: who was without a manager when, and what was sent when. */
import type { HealthChange, HealthListener } from '../../checker/health/index.js';
import type { RunResult } from '../../experiment/world.js';
import { wireOf } from '../../core/codec.js';
import { measure, type Measure, type MeasureContext } from './measure.js';
import { recovery, type Recovery } from './recovery.js';

/** A live resource without a manager. */
interface Spell {
  readonly resource: string;
  /** Who was to manage it before; null: nobody. */
  readonly manager: string | null;
  readonly from_s: number;
  /** Null: still so when the episode, or the run, ended. */
  readonly to_s: number | null;
}

/** What was sent from the row before, or from the start of the episode, until then. */
interface SentRow {
  readonly until_s: number;
  /** By type; those that were not sent are left out. */
  readonly sent: Readonly<Record<string, number>>;
  /** Live resources without a manager, then. */
  readonly unmanaged: number;
}

/** One episode. Seconds since the run began. */
export interface CloseUp {
  readonly start_s: number;
  /** Null: it was open when the run ended. */
  readonly end_s: number | null;
  readonly spells: readonly Spell[];
  /** Of further resources, which are only counted. */
  readonly moreSpells: number;
  readonly rows: readonly SentRow[];
}

/** Longer ones take the place of shorter ones. */
const KEPT = 4;
const MOST_SPELLS = 120;
/** Beyond, two neighbours become one. */
const MOST_ROWS = 64;
const FIRST_ROW_US = 250_000;
const US_PER_S = 1e6;

interface Row {
  readonly untilUs: number;
  readonly sent: Float64Array;
  readonly unmanaged: number;
}

interface Lost {
  readonly resource: number;
  readonly manager: number;
  readonly fromUs: number;
  toUs: number | null;
}

interface Open {
  readonly startUs: number;
  /** Healthy since then, but not for as long as it takes to be over; null: not. */
  endUs: number | null;
  widthUs: number;
  /** When the next row is due. */
  dueUs: number;
  before: Float64Array;
  rows: Row[];
  readonly spells: Lost[];
  moreSpells: number;
}

export class CloseUps implements HealthListener, Measure<object> {
  private readonly context: MeasureContext;
  private readonly recovery: Recovery;
  private readonly types: readonly string[];
  /** Who is without a manager at present, and counts. */
  private readonly lost = new Map<number, Lost>();
  /** Besides, since the plane was healthy last. */
  private moreLost = 0;
  private open: Open | null = null;
  private hasComeUp = false;
  private kept: Open[] = [];

  constructor(context: MeasureContext) {
    this.context = context;
    this.recovery = context.of(recovery);
    this.types = wireOf(context.scenario.coordination.fromPlugins).types;
    context.health.listen(this);
  }

  /** When it wants the messages counted next. */
  get nextUs(): number {
    const { open } = this;
    return open === null || open.endUs !== null ? Infinity : open.dueUs;
  }

  advanced(timeUs: number): void {
    const { open } = this;
    if (open === null || open.endUs !== null || timeUs < open.dueUs) return;
    this.count(open, timeUs);
    open.dueUs = timeUs + open.widthUs;
  }

  unmanagedTurned(timeUs: number, resource: number, unmanaged: boolean): void {
    if (!this.hasComeUp) return;
    if (!unmanaged) {
      const spell = this.lost.get(resource);
      if (spell === undefined) return;
      spell.toUs = timeUs;
      this.lost.delete(resource);
      if (this.open !== null) keep(this.open, spell);
      return;
    }
    if (this.lost.size >= MOST_SPELLS) {
      this.moreLost += 1;
      return;
    }
    const manager = this.context.health.truth.pointers.manager(resource);
    this.lost.set(resource, { resource, manager, fromUs: timeUs, toUs: null });
  }

  healthChanged({ timeUs, healthy }: HealthChange): void {
    const { open } = this;
    if (!this.hasComeUp) {
      this.hasComeUp = healthy;
    } else if (healthy) {
      if (open === null) return;
      this.count(open, timeUs);
      open.endUs = timeUs;
      this.countMore(open);
    } else if (open !== null && open.endUs! + this.context.scenario.measure.holdUs > timeUs) {
      open.endUs = null;
      open.dueUs = timeUs + open.widthUs;
    } else {
      this.close();
      this.open = {
        startUs: timeUs, endUs: null, widthUs: FIRST_ROW_US, dueUs: timeUs + FIRST_ROW_US,
        before: this.sent(), rows: [], spells: [], moreSpells: 0,
      };
    }
  }

  finish({ endUs }: RunResult): void {
    if (this.open !== null && this.open.endUs === null) {
      this.count(this.open, endUs);
      this.countMore(this.open);
    }
    this.close();
  }

  /** In the order of time; of episodes that are counted. */
  closeUps(): CloseUp[] {
    const { inventory } = this.context;
    const s = (us: number | null): number | null => (us === null ? null : us / US_PER_S);
    return this.recovery.all.flatMap(({ startUs, endUs }): CloseUp[] => {
      const found = this.kept.find((one) => one.endUs === endUs);
      if (found === undefined) return [];
      return [{
        start_s: startUs / US_PER_S,
        end_s: s(endUs),
        spells: found.spells.filter(({ fromUs, toUs }) => toUs === null || toUs > fromUs)
          .map(({ resource, manager, fromUs, toUs }) => ({
            resource: inventory.descriptor(resource).name,
            manager: manager === -1 ? null : inventory.processName(manager),
            from_s: fromUs / US_PER_S, to_s: s(toUs),
          })),
        moreSpells: found.moreSpells,
        rows: found.rows.map(({ untilUs, sent, unmanaged }) => ({
          until_s: untilUs / US_PER_S, unmanaged,
          sent: Object.fromEntries(this.types.flatMap((type, index) =>
            (sent[index] > 0 ? [[type, sent[index]]] : []))),
        })),
      }];
    });
  }

  /** Not of the summary: a whole story each. */
  summary(): object {
    return {};
  }

  private close(): void {
    const { open } = this;
    this.open = null;
    if (open === null || (open.endUs ?? Infinity) <= this.context.scenario.warmUpUs) return;
    for (const spell of this.lost.values()) keep(open, spell);
    const length = ({ startUs, endUs }: Open): number => (endUs ?? Infinity) - startUs;
    this.kept = [...this.kept, open].sort((a, b) => length(b) - length(a)).slice(0, KEPT);
  }

  private countMore(open: Open): void {
    open.moreSpells += this.moreLost;
    this.moreLost = 0;
  }

  private sent(): Float64Array {
    const counters = this.context.counters();
    return counters === null ? new Float64Array(this.types.length)
      : Float64Array.from(counters.sent);
  }

  private count(open: Open, untilUs: number): void {
    const now = this.sent();
    const { health } = this.context;
    const unmanaged = health.plane.liveResources - health.plane.heldResources;
    const sent = now.map((count, type) => count - open.before[type]);
    const last = open.rows.at(-1);
    open.before = now;
    // The end comes when it comes: of so short a time no rate could be told.
    if (last !== undefined && untilUs - last.untilUs < open.widthUs / 2) {
      open.rows[open.rows.length - 1] = together(last, { untilUs, sent, unmanaged });
      return;
    }
    open.rows.push({ untilUs, sent, unmanaged });
    if (open.rows.length < MOST_ROWS) return;
    open.widthUs *= 2;
    open.rows = open.rows.flatMap((row, index, all) => {
      if (index % 2 === 1) return [];
      return [index + 1 < all.length ? together(row, all[index + 1]) : row];
    });
  }
}

function together(row: Row, next: Row): Row {
  return { ...next, sent: next.sent.map((sent, type) => sent + row.sent[type]) };
}

/** What begins after its end is of the next, which opens when the instant is judged. */
function keep(open: Open, spell: Lost): void {
  if (spell.fromUs >= (open.endUs ?? Infinity)) return;
  if (spell.toUs !== null && spell.toUs <= open.startUs) return;
  if (open.spells.length < MOST_SPELLS) open.spells.push(spell);
  else open.moreSpells += 1;
}

export const closeUp = measure({}, (context) => new CloseUps(context));
