/** What it takes until another coordinator enforces global rules, and what it has to be told. */
import { wireOf } from '../../core/codec.js';
import type { Observation } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import type { MessageCounters } from '../../experiment/world.js';
import { Samples } from '../statistics/samples.js';
import { measured, statistics, type ValuesOf } from './fields.js';
import { measure, type Measure } from './measure.js';

const fields = {
  succession: {
    /** No coordinator enforces any. */
    withoutRules: statistics(
      'time without global rules',
      'from the loss of the coordinator until another enforces global rules on any groups',
    ),
    /** The share of those whose holder went with the coordinator: until they are told of again. */
    orphans: statistics(
      'time for which orphans delay global rules',
      'from when a new coordinator enforces global rules on any groups until it does on all',
    ),
    reportBytes: measured(
      'bytes', 'of managers\' reports to a new coordinator until its model is rebuilt, in the mean',
      { title: 'bytes that a new coordinator is told', whenNull: 'there was none' },
    ),
  },
};

const reports: readonly string[] = ['manager-heartbeat', 'model-snapshot'];

export class Succession implements Measure<typeof fields> {
  readonly hears = [
    'coordinator-elected', 'model-rebuilt', 'rules-enforced', 'coordinator-resigned',
    'process-down',
  ] as const;
  private readonly withoutRules = new Samples();
  private readonly orphans = new Samples();
  private readonly bytes: number[] = [];
  /** Who enforces global rules. */
  private readonly enforcing = new Set<Address>();
  /** Since when nobody does; null: somebody does, or nobody ever did. */
  private withoutSinceUs: number | null = null;
  /** Who began to, on some groups, and when. */
  private readonly someSinceUs = new Map<Address, number>();
  /** Bytes of reports when each that still rebuilds its model was elected. */
  private readonly toldBefore = new Map<Address, number>();
  private readonly warmUpUs: number;
  private readonly reported: () => number;

  /** @param reported - bytes of reports so far */
  constructor(warmUpUs: number, reported: () => number) {
    this.warmUpUs = warmUpUs;
    this.reported = reported;
  }

  observe(timeUs: number, process: Address, observation: Observation): void {
    switch (observation.type) {
      case 'coordinator-elected':
        if (!this.toldBefore.has(process)) this.toldBefore.set(process, this.reported());
        return;
      case 'model-rebuilt': {
        const before = this.toldBefore.get(process);
        if (before === undefined) return;
        if (timeUs >= this.warmUpUs) this.bytes.push(this.reported() - before);
        this.toldBefore.delete(process);
        return;
      }
      case 'rules-enforced': return this.enforces(timeUs, process, observation.groups === 'all');
      case 'coordinator-resigned':
      case 'process-down':
        this.toldBefore.delete(process);
        this.someSinceUs.delete(process);
        if (!this.enforcing.delete(process) || this.enforcing.size > 0) return;
        this.withoutSinceUs = timeUs;
        return;
      default:
    }
  }

  summary(): ValuesOf<typeof fields> {
    const { withoutRules, orphans, bytes } = this;
    const sum = bytes.reduce((all, one) => all + one, 0);
    return { succession: {
      withoutRules: withoutRules.statistics(), orphans: orphans.statistics(),
      reportBytes: bytes.length === 0 ? null : sum / bytes.length,
    } };
  }

  private enforces(timeUs: number, process: Address, isAll: boolean): void {
    this.enforcing.add(process);
    if (this.withoutSinceUs !== null) {
      if (this.withoutSinceUs >= this.warmUpUs) this.withoutRules.add(timeUs - this.withoutSinceUs);
      this.withoutSinceUs = null;
      this.someSinceUs.set(process, timeUs);
    }
    const someUs = this.someSinceUs.get(process);
    if (!isAll || someUs === undefined) return;
    if (someUs >= this.warmUpUs) this.orphans.add(timeUs - someUs);
    this.someSinceUs.delete(process);
  }
}

export const succession = measure(fields, ({ scenario, counters }) => {
  const { types } = wireOf(scenario.coordination.fromPlugins);
  const places = reports.map((type) => types.indexOf(type));
  return new Succession(scenario.warmUpUs, () => bytesOf(counters(), places));
});

function bytesOf(counters: MessageCounters | null, places: readonly number[]): number {
  return places.reduce((sum, place) => sum + (counters?.bytes[place] ?? 0), 0);
}
