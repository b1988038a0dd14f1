/**
 * What a recovery waited for: back from the instant at which the last condition of health came to
 * hold, to what had to be first, and so on to the fault. Every stretch is named after the setting
 * that decides how long it takes; they follow each other without a gap.
 */
import type { Condition } from '../../checker/health/listener.js';
import type { CoreConfig } from '../../core/coordination/config.js';

/** What each is called: `agents miss their manager`. Names are words but for these. */
export const causeWords = (cause: Cause): string => named[cause] ?? cause;
const named: Partial<Record<Cause, string>> = {
  fault: 'the fault went on', deadline: 'a deadline', late: 'heartbeats that came in between',
  network: 'messages under way',
};

/** A scenario path; null: no setting decides it. */
export const causes = {
  fault: null,
  deadline: null,
  late: null,
  network: 'network.latency',
  'agents miss their manager': 'coordination.resources.answerTimeout',
  'a resource is missed': 'coordination.resources.timeout',
  'an agent asks its manager': 'coordination.resources.heartbeatPeriod',
  'a resource is heard again': 'coordination.resources.heartbeatPeriod',
  'the next look': 'coordination.resources.checkPeriod',
  'agents look for a manager': 'coordination.resources.retry',
  'a manager is missed': 'coordination.managers.timeout',
  'the coordinator is missed': 'coordination.managers.answerTimeout',
  'managers report': 'coordination.managers.heartbeatPeriod',
  election: 'coordination.election',
  'the coordinator waits for reports': 'coordination.rebuild',
} as const;
export type Cause = keyof typeof causes;

export interface Stretch {
  readonly cause: Cause;
  readonly fromUs: number;
  readonly toUs: number;
}

/** Instants in microseconds, the latest of each in an episode; -1: there was none. */
export interface Seen {
  readonly byResource: Map<number, ResourceSeen>;
  /** When managers or links failed or returned, in order. */
  readonly disturbedUs: number[];
  /** Links changed, too. */
  cut: boolean;
  /** Managers that went down, paused or left. */
  lost: number;
  /** The resource that the model, or a holding, changed of last. */
  modelOf: number;
  heldOf: number;
  coordinatorMissedUs: number;
  managerMissedUs: number;
  electionUs: number;
  electedUs: number;
  rebuiltUs: number;
}

export interface ResourceSeen {
  lostUs: number;
  /** Its manager did not know it; else it was silent. */
  unknown: boolean;
  heldUs: number;
  suspectedUs: number;
  /** Its manager heard of it again, which it had taken for dead. */
  trustedUs: number;
  stateUs: number;
  /** A coordinator's model was told of it. */
  modelledUs: number;
}

export const nothingSeen = (): Seen => ({
  byResource: new Map(), disturbedUs: [], cut: false, lost: 0, modelOf: -1, heldOf: -1,
  coordinatorMissedUs: -1, managerMissedUs: -1, electionUs: -1, electedUs: -1, rebuiltUs: -1,
});

export const resourceUnseen = (): ResourceSeen =>
  ({ lostUs: -1, unknown: false, heldUs: -1, suspectedUs: -1, trustedUs: -1, stateUs: -1,
    modelledUs: -1 });

/** The way of one resource: back from when it was held again, or the model was told of it. */
export function wayOf(
  resource: number, condition: 'managed' | 'model', startUs: number, seen: Seen,
  config: CoreConfig, quickUs: number,
): Stretch[] {
  const { heldUs, modelledUs } = seen.byResource.get(resource) ?? resourceUnseen();
  const way = new Way(startUs, condition === 'model' ? modelledUs : heldUs, seen, config, quickUs);
  if (condition === 'model') way.modelled(resource);
  else way.managed(resource);
  return way.stretches();
}

/**
 * From the start of an episode to its end.
 *
 * @param condition - that came to hold at the end; null: none did, a deadline passed
 * @param quickUs - what messages under way may take
 */
export function wayBack(
  { startUs, endUs, condition }: {
    readonly startUs: number; readonly endUs: number; readonly condition: Condition | null;
  },
  seen: Seen, config: CoreConfig, quickUs: number,
): Stretch[] {
  const way = new Way(startUs, endUs, seen, config, quickUs);
  way.before(condition);
  return way.stretches();
}

class Way {
  private readonly found: Stretch[] = [];
  private readonly startUs: number;
  private readonly seen: Seen;
  private readonly config: CoreConfig;
  private readonly quickUs: number;
  private atUs: number;

  constructor(startUs: number, endUs: number, seen: Seen, config: CoreConfig, quickUs: number) {
    this.startUs = startUs;
    this.atUs = endUs;
    this.seen = seen;
    this.config = config;
    this.quickUs = quickUs;
  }

  /** From the first on, neighbours of one cause as one. */
  stretches(): Stretch[] {
    this.back('fault', this.startUs);
    return this.found.reverse();
  }

  before(condition: Condition | null): void {
    if (condition === 'model') this.modelled(this.seen.modelOf);
    else if (condition === 'managed') this.managed(this.seen.heldOf);
    else if (condition === 'coordinator') this.acknowledged();
    else {
      const last = this.latest([this.seen.electedUs, this.seen.rebuiltUs]);
      this.back('deadline', last);
      if (last > this.startUs && last === this.seen.electedUs) this.elected();
      else this.faulted();
    }
  }

  private back(cause: Cause, fromUs: number): void {
    const from = Math.max(this.startUs, Math.min(fromUs, this.atUs));
    const last = this.found.at(-1);
    if (from === this.atUs) return;
    if (last?.cause === cause) this.found[this.found.length - 1] = { ...last, fromUs: from };
    else this.found.push({ cause, fromUs: from, toUs: this.atUs });
    this.atUs = from;
  }

  /** As long as messages take, they alone were waited for. */
  private backBy(cause: Cause, fromUs: number): void {
    this.back(this.atUs - fromUs <= this.quickUs ? 'network' : cause, fromUs);
  }

  /** Of instants not after where we are; the start where there is none. */
  private latest(instants: readonly number[]): number {
    return Math.max(this.startUs, ...instants.filter((us) => us >= 0 && us <= this.atUs));
  }

  modelled(resource: number): void {
    const own = this.seen.byResource.get(resource) ?? resourceUnseen();
    const { electedUs, rebuiltUs } = this.seen;
    const [held, suspected, trusted, state] =
      [own.heldUs, own.suspectedUs, own.trustedUs, own.stateUs].map((us) => this.latest([us]));
    const last = Math.max(held, suspected, trusted, state, this.latest([electedUs]));
    if (this.isBack(last, 'managers report')) return;
    if (rebuiltUs <= this.atUs && rebuiltUs >= last) this.backBy('managers report', rebuiltUs);
    if (last === held) this.reported(held);
    else this.backBy('managers report', last);
    if (last === trusted) {
      this.back('a resource is heard again', Math.max(held, this.lastDisturbedUs()));
    }
    if (this.atUs === held) this.managed(resource);
    else if (last === trusted) this.faulted();
    else if (last === suspected) this.missed('a resource is missed', last);
    else if (last === state) this.faulted();
    else this.elected();
  }

  /** A new manager tells what it knows once it has heard of the resource: each in its period. */
  private reported(heldUs: number): void {
    const { heartbeatPeriodUs } = this.config.managers;
    if (this.atUs - heldUs <= heartbeatPeriodUs + this.quickUs) {
      return this.backBy('managers report', heldUs);
    }
    this.back('managers report', this.atUs - heartbeatPeriodUs);
    return this.back('a resource is heard again', heldUs);
  }

  /** Of what it waited for, what came last counts. */
  managed(resource: number): void {
    const own = this.seen.byResource.get(resource) ?? resourceUnseen();
    const { electedUs, rebuiltUs, managerMissedUs } = this.seen;
    const [lost, elected, rebuilt, missed] =
      [own.lostUs, electedUs, rebuiltUs, managerMissedUs].map((us) => this.latest([us]));
    const last = Math.max(lost, elected, missed);
    if (this.isBack(last, 'agents look for a manager')) return undefined;
    if (rebuilt > last) {
      this.backBy('agents look for a manager', rebuilt);
      this.backBy('the coordinator waits for reports', last);
    } else {
      this.backBy('agents look for a manager', last);
    }
    if (last === missed) return this.missed('a manager is missed', missed);
    if (last === elected) return this.elected();
    if (own.unknown) return this.back('an agent asks its manager', this.lastDisturbedUs());
    return this.missed('agents miss their manager', lost);
  }

  private acknowledged(): void {
    const elected = this.latest([this.seen.electedUs]);
    if (this.isBack(elected, 'managers report')) return;
    this.backBy('managers report', elected);
    this.elected();
  }

  /** Nobody did anything for it: who was away is back, or in reach again. */
  private isBack(lastUs: number, cause: Cause): boolean {
    const disturbedUs = this.lastDisturbedUs();
    const atOnce = disturbedUs > lastUs && this.atUs - disturbedUs <= this.quickUs;
    if (lastUs > this.startUs && !atOnce) return false;
    this.backBy(cause, disturbedUs);
    this.faulted();
    return true;
  }

  private elected(): void {
    const { electionUs, coordinatorMissedUs } = this.seen;
    const began = this.latest([electionUs, coordinatorMissedUs]);
    if (this.isBack(began, 'election')) return;
    this.backBy('election', this.latest([coordinatorMissedUs]) || began);
    this.missed('the coordinator is missed', this.atUs);
  }

  /** A silence that began with a fault, and was noticed at `noticedUs`. */
  private missed(cause: Cause, noticedUs: number): void {
    this.back(cause, noticedUs);
    const timeoutUs = this.timeoutOf(cause);
    const checkUs = this.config.resources.checkPeriodUs;
    const since = this.lastDisturbedUs();
    const over = this.atUs - since - timeoutUs;
    // Who is silent for longer was heard in between, or those who look were busy.
    if (over > checkUs) this.back('late', since + timeoutUs + checkUs);
    if (over > 0) this.back('the next look', since + timeoutUs);
    this.back(cause, since);
  }

  private timeoutOf(cause: Cause): number {
    const { resources, managers } = this.config;
    if (cause === 'a resource is missed') return resources.timeoutUs;
    if (cause === 'a manager is missed') return managers.timeoutUs;
    return cause === 'the coordinator is missed'
      ? managers.answerTimeoutUs : resources.answerTimeoutUs;
  }

  private lastDisturbedUs(): number {
    return this.latest(this.seen.disturbedUs);
  }

  private faulted(): void {
    this.back('fault', this.startUs);
  }
}
