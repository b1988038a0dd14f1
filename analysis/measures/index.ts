/** All that is measured of a run, in the order of summary.json. */
import type { RunResult } from '../../experiment/world.js';
import { availability } from './availability.js';
import { brakes } from './brakes.js';
import { closeUp } from './close-up.js';
import { criticalPath } from './critical-path.js';
import { detections } from './detections.js';
import { elections } from './elections.js';
import { faults } from './faults.js';
import { saidIn, saidOf, type Leaf, type ValuesOf } from './fields.js';
import { final } from './final.js';
import { hops } from './hops.js';
import type { AnyMeasure, MeasureContext, MeasureKind } from './measure.js';
import { messages } from './message-cost.js';
import { moves } from './moves.js';
import { needless } from './needless.js';
import { recovery } from './recovery.js';
import { repairs } from './repairs.js';
import { rules } from './rules.js';
import { run } from './run.js';
import { staleness } from './staleness.js';
import { succession } from './succession.js';
import { traceReplays } from './trace-replays.js';
import { verdict } from './verdict.js';

/** One more goes here. */
const kinds = [
  run, messages, hops, faults, traceReplays, detections, elections, recovery, criticalPath, closeUp,
  repairs, staleness, succession, rules, brakes, moves, needless, availability, verdict, final,
] as const;

type PartOf<Kind> = Kind extends MeasureKind<unknown, infer Fields> ? ValuesOf<Fields> : never;
type Intersection<Union> =
  (Union extends unknown ? (value: Union) => void : never) extends (value: infer All) => void
    ? All : never;

/** What `summary.json` holds; the names are a contract with whoever reads it. */
export type Summary = Intersection<PartOf<(typeof kinds)[number]>>;

export { causeWords } from './way-back.js';
export { closeUp, type CloseUp } from './close-up.js';
export { criticalPath, type EpisodePath } from './critical-path.js';
export type { Story } from './story.js';
export type { TraceReplay } from './trace-replays.js';
export type { MeasureContext } from './measure.js';

const said = saidIn(kinds.map(({ fields }) => fields));

/** Of a dotted name; undefined: no scalar of a summary is called so. */
export function aboutScalar(name: string): Leaf<unknown> | undefined {
  return saidOf(said, name);
}

/** Names of the numbers in every summary, and what those begin with that depend on the run. */
export const numbersKnown: readonly string[] =
  [...said.leaves].filter(([, { type }]) => type !== 'text').map(([name]) => name);
export const numbersOpen: readonly string[] = said.open.map(([prefix]) => prefix);

/** The measures of one run, each told of things before those that ask it. */
export class Measures {
  readonly all: readonly AnyMeasure[];
  private readonly made = new Map<MeasureKind<unknown>, unknown>();
  private readonly context: MeasureContext;

  constructor(context: Omit<MeasureContext, 'of'>) {
    this.context = { ...context, of: (kind) => this.of(kind) };
    for (const kind of kinds) this.of<unknown>(kind);
    this.all = [...this.made.values()] as AnyMeasure[];
  }

  of<Own>(kind: MeasureKind<Own>): Own {
    if (!this.made.has(kind)) {
      const own = kind.create(this.context);
      this.made.set(kind, own);
    }
    return this.made.get(kind) as Own;
  }

  summary(result: RunResult): Summary {
    const whole = {};
    for (const kind of kinds as readonly MeasureKind<AnyMeasure>[]) {
      merge(whole, this.of(kind).summary(result) as object);
    }
    return whole as Summary;
  }
}

/** Parts of several measures may stand under one name. */
function merge(into: Record<string, unknown>, part: object): void {
  for (const [name, value] of Object.entries(part) as [string, unknown][]) {
    const before = into[name];
    if (before === undefined) into[name] = value;
    else into[name] = { ...before, ...value as object };
  }
}
