/** What was managed and up, weighted by time; and the rows of the time series. */
import { messageTypes } from '../../core/messages.js';
import type { Observation } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { STOPPED, STOPPING, UP, stateCode } from '../../checker/truth/index.js';
import type { Health, HealthChange, HealthListener } from '../../checker/health/index.js';
import { latecomers } from '../../experiment/faults/index.js';
import type { MessageCounters, RunResult } from '../../experiment/world.js';
import type { TimeseriesRow } from '../tables/index.js';
import { measured, type ValuesOf } from './fields.js';
import { measure, type Measure } from './measure.js';
import { staleness } from './staleness.js';

const microseconds = 1_000_000;

const fields = {
  availability: {
    managedShare: measured('1', 'of live resources that live managers hold, over time', {
      title: 'resources managed, of all live ones',
    }),
    resourcesUpShare: measured('1', 'of resources meant to be up that are, over time', {
      title: 'resources up',
    }),
  },
};

type Model = ReturnType<(typeof staleness)['create']>;

/** Sums over time of what held from one observation to the next. */
interface Sums {
  timeUs: number;
  managedUs: number;
  upUs: number;
  healthyUs: number;
}

export class Availability implements Measure<typeof fields>, HealthListener {
  readonly hears = [
    'resource-state', 'process-up', 'process-down', 'process-paused', 'process-resumed',
  ] as const;
  readonly rows: TimeseriesRow[] = [];
  /** Integrals from the start up to now, for what the live population should have sent. */
  nowUs = 0;
  liveResourceUs = 0;
  liveManagerUs = 0;
  /** Live resources without a manager, at most, since {@link resetUnmanaged}. */
  mostUnmanaged = 0;
  private readonly health: Health;
  private readonly model: Model;
  private readonly resources: number;
  private up = 0;
  /** With those that are not there yet. */
  private stopped: number;
  private readonly absent: Set<number>;
  private liveManagers = 0;
  private readonly managed: TimeMean;
  private readonly upOfMeant: TimeMean;
  private interval = noSums();
  private leastShare = 1;
  private fewest = Infinity;
  private most = 0;
  private healthySinceUs: number | null = null;
  private readonly lastSent: number[] = [];
  private lastBytes = 0;

  /** @param absent - resources that are commissioned later */
  constructor(
    health: Health, model: Model, resources: number, warmUpUs: number,
    absent: ReadonlySet<number> = new Set(),
  ) {
    this.absent = new Set(absent);
    this.stopped = absent.size;
    this.health = health;
    this.model = model;
    this.resources = resources;
    this.managed = new TimeMean(warmUpUs);
    this.upOfMeant = new TimeMean(warmUpUs);
    health.listen(this);
  }

  /**
   * Means over time: of the live resources, the share that was managed, while any lived; of those
   * meant to be up, the share that was, while any was meant to be.
   */
  summary(): ValuesOf<typeof fields> {
    const [managedShare, resourcesUpShare] = [this.managed.value(), this.upOfMeant.value()];
    return { availability: { managedShare, resourcesUpShare } };
  }

  get managersLive(): number {
    return this.liveManagers;
  }

  resetUnmanaged(): void {
    this.mostUnmanaged = 0;
  }

  advance(timeUs: number): void {
    const elapsedUs = timeUs - this.nowUs;
    if (elapsedUs <= 0) return;
    const { health, interval } = this;
    const live = health.plane.liveResources;
    const unmanaged = live - health.plane.heldResources;
    const share = live === 0 ? 1 : 1 - unmanaged / live;
    const upShare = this.upShare();
    const coordinators = health.plane.coordinators;
    interval.timeUs += elapsedUs;
    interval.managedUs += elapsedUs * share;
    interval.upUs += elapsedUs * upShare;
    this.managed.passed(timeUs, live === 0 ? null : share);
    this.upOfMeant.passed(timeUs, this.stopped === this.resources ? null : upShare);
    if (share < this.leastShare) this.leastShare = share;
    if (coordinators < this.fewest) this.fewest = coordinators;
    if (coordinators > this.most) this.most = coordinators;
    if (unmanaged > this.mostUnmanaged) this.mostUnmanaged = unmanaged;
    this.liveResourceUs += elapsedUs * live;
    this.liveManagerUs += elapsedUs * this.liveManagers;
    this.nowUs = timeUs;
  }

  /** The counters may be read a little late, never the integrals beside them. */
  begin(_warmUpUs: number, nowUs: number): void {
    this.advance(nowUs);
  }

  finish({ endUs, counters }: RunResult): void {
    this.sample(endUs, counters);
  }

  observe(_timeUs: number, process: Address, observation: Observation): void {
    const { truth } = this.health;
    switch (observation.type) {
      case 'resource-state': {
        const { resource } = observation;
        if (this.absent.delete(resource)) this.stopped -= 1;
        this.count(truth.resources.state(resource), -1);
        this.count(stateCode(observation.state), 1);
        break;
      }
      case 'process-up':
      case 'process-down':
      case 'process-paused':
      case 'process-resumed': {
        if (!truth.isManager(process)) break;
        const lives = observation.type === 'process-up' || observation.type === 'process-resumed';
        this.liveManagers += Number(lives) - Number(truth.processes.isLive(process));
        break;
      }
      default:
    }
  }

  healthChanged({ timeUs, healthy }: HealthChange): void {
    if (this.healthySinceUs !== null) this.interval.healthyUs += timeUs - this.healthySinceUs;
    this.healthySinceUs = healthy ? timeUs : null;
  }

  /** Ends an interval of the time series. */
  sample(timeUs: number, counters: MessageCounters): void {
    const { interval } = this;
    if (interval.timeUs === 0) return;
    const stalenessUs = this.model.ageUs(timeUs);
    if (this.healthySinceUs !== null) {
      interval.healthyUs += timeUs - this.healthySinceUs;
      this.healthySinceUs = timeUs;
    }
    const seconds = interval.timeUs / microseconds;
    const { sent, bytes: bytesOf } = counters;
    const perType: number[] = [];
    let [messagesPerS, bytes] = [0, 0];
    // A plain loop: short runs with many samples spend a good part of their time here.
    for (let type = 0; type < sent.length; type += 1) {
      const rate = (sent[type] - (this.lastSent[type] ?? 0)) / seconds;
      this.lastSent[type] = sent[type];
      messagesPerS += rate;
      bytes += bytesOf[type];
      if (type < messageTypes.length) perType.push(rate);
    }
    const coordinators = this.health.plane.coordinators;
    this.rows.push({
      time_s: timeUs / microseconds,
      managed_share: interval.managedUs / interval.timeUs,
      managed_share_min: this.leastShare,
      up_share: interval.upUs / interval.timeUs,
      coordinators,
      coordinators_min: Math.min(this.fewest, coordinators),
      coordinators_max: Math.max(this.most, coordinators),
      healthy_share: Math.min(1, interval.healthyUs / interval.timeUs),
      messages_per_s: messagesPerS,
      bytes_per_s: (bytes - this.lastBytes) / seconds,
      staleness_s: stalenessUs === null ? null : stalenessUs / microseconds,
      per_type: perType,
    });
    this.lastBytes = bytes;
    this.interval = noSums();
    this.leastShare = 1;
    this.fewest = Infinity;
    this.most = 0;
  }

  private upShare(): number {
    const meant = this.resources - this.stopped;
    return meant === 0 ? 1 : this.up / meant;
  }

  private count(state: number, step: number): void {
    // Until it has stopped it serves.
    if (state === UP || state === STOPPING) this.up += step;
    else if (state === STOPPED) this.stopped += step;
  }
}

export const availability = measure(fields, ({ scenario, inventory, health, of }) => {
  const { resources } = latecomers(scenario.faults, inventory);
  const { warmUpUs } = scenario;
  return new Availability(health, of(staleness), inventory.resources, warmUpUs, resources);
});

/** The mean over time of a share: the same however finely the time is cut. */
class TimeMean {
  private share: number | null = null;
  private sinceUs: number;
  private nowUs: number;
  private sum = 0;
  private timeUs = 0;

  constructor(fromUs: number) {
    this.sinceUs = fromUs;
    this.nowUs = fromUs;
  }

  /** It has been so up to now; null: of nothing. */
  passed(timeUs: number, share: number | null): void {
    if (timeUs <= this.nowUs) return;
    if (share !== this.share) {
      this.add();
      this.share = share;
    }
    this.nowUs = timeUs;
  }

  value(): number | null {
    this.add();
    return this.timeUs === 0 ? null : this.sum / this.timeUs;
  }

  private add(): void {
    const lastedUs = this.nowUs - this.sinceUs;
    this.sinceUs = this.nowUs;
    if (this.share === null) return;
    this.sum += lastedUs * this.share;
    this.timeUs += lastedUs;
  }
}

function noSums(): Sums {
  return { timeUs: 0, managedUs: 0, upUs: 0, healthyUs: 0 };
}
