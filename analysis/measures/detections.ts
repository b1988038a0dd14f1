/** From crash to suspicion: how long crashes went unnoticed, and what was suspected for nothing. */
import type { Observation } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import type { Health } from '../../checker/health/index.js';
import type { ResolvedScenario } from '../../experiment/scenario/resolved.js';
import { NONE, STOPPING, UP } from '../../checker/truth/index.js';
import { AlarmCauses, alarmCauses, alarmSigns, type AlarmCause } from './alarm-causes.js';
import { Samples } from '../statistics/samples.js';
import { count, each, statistics, type ValuesOf } from './fields.js';
import { measure, type Measure } from './measure.js';

/** @param of - after `crash`, in titles */
function detected(whom: string, of: string) {
  return {
    count: count('crashes', `noticed, of ${whom}`),
    missed: count(
      'crashes', `of ${whom}, over before anyone suspected it`,
      `crashes${of} over before noticed, in a run`,
    ),
    falsePositives: count(
      'suspicions', `of ${whom} that was up, not paused and in reach of who suspected it`,
      `false alarms${of} in a run`,
    ),
    seconds: statistics(
      `time to notice a crash${of}`, `from the crash of ${whom} to its manager's suspicion`,
    ),
  };
}

const fields = {
  detection: {
    ...detected('whatever crashed', ''),
    /** By what kept the two from hearing each other lately; the sum is `falsePositives`. */
    falsePositivesBy: each(
      (cause) => count('suspicions', `of what was up, because of ${cause}`),
      alarmCauses,
    ),
    /** Neither counted nor missed. */
    pending: count('crashes', 'still unsuspected when the run ended'),
    byTarget: {
      resource: detected('a resource', ' of a resource'),
      manager: detected('a manager that does not coordinate', ' of a manager'),
      coordinator: detected('the coordinator', ' of the coordinator'),
    },
  },
};

/** Not awaited. */
const never = -1;

class Tally {
  readonly samples = new Samples();
  missed = 0;
  falsePositives = 0;

  values(): ValuesOf<ReturnType<typeof detected>> {
    const { samples, missed, falsePositives } = this;
    return { count: samples.count, missed, falsePositives, seconds: samples.statistics() };
  }
}

/**
 * A crash of a resource counts when it was up and had a live manager: it is detected when a
 * manager suspects it in the incarnation that crashed, and missed when it starts anew before. A
 * crash of a manager is detected when the coordinator suspects it, or, if it coordinated, when
 * any manager does.
 */
export class Detections implements Measure<typeof fields> {
  readonly hears = [
    'resource-state', 'resource-suspected', 'manager-suspected', 'coordinator-suspected',
    'process-leaving', 'process-up', ...alarmSigns,
  ] as const;
  readonly all = new Tally();
  private readonly resource = new Tally();
  private readonly manager = new Tally();
  private readonly coordinator = new Tally();
  private readonly health: Health;
  private readonly causes: AlarmCauses;
  private readonly falseBy = new Map<AlarmCause, number>(alarmCauses.map((cause) => [cause, 0]));
  private readonly warmUpUs: number;
  private readonly resourceCrashUs: Float64Array;
  private readonly managerCrashUs: Float64Array;
  private readonly coordinated: Uint8Array;
  /** Managers on their way out: that they go is no surprise to anyone. */
  private readonly leaving = new Set<Address>();

  constructor(scenario: ResolvedScenario, health: Health) {
    const { inventory } = health.truth;
    const { resources, managers } = inventory;
    this.health = health;
    this.causes = new AlarmCauses(scenario, inventory);
    this.warmUpUs = scenario.warmUpUs;
    this.resourceCrashUs = new Float64Array(resources).fill(never);
    this.managerCrashUs = new Float64Array(managers).fill(never);
    this.coordinated = new Uint8Array(managers);
  }

  observe(timeUs: number, process: Address, observation: Observation): void {
    this.causes.observe(timeUs, process, observation);
    switch (observation.type) {
      case 'resource-state':
        if (observation.state === 'down') this.resourceCrashed(timeUs, observation.resource);
        else this.resourceBack(observation.resource, observation.incarnation);
        break;
      case 'resource-suspected':
        this.resourceSuspected(timeUs, process, observation.resource, observation.incarnation);
        break;
      case 'process-leaving':
        this.leaving.add(process);
        break;
      case 'process-down':
        this.managerCrashed(timeUs, process);
        break;
      case 'process-up':
        this.managerBack(process);
        break;
      case 'manager-suspected':
        this.managerSuspected(timeUs, process, observation.manager);
        break;
      case 'coordinator-suspected':
        this.managerSuspected(timeUs, process, observation.ballot.address);
        break;
      default:
    }
  }

  summary(): ValuesOf<typeof fields> {
    const pending =
      this.resourceCrashUs.reduce(countAwaited, 0) + this.managerCrashUs.reduce(countAwaited, 0);
    const { all, resource, manager, coordinator } = this;
    return {
      detection: {
        ...all.values(),
        falsePositivesBy: Object.fromEntries(this.falseBy) as Record<AlarmCause, number>,
        pending,
        byTarget: {
          resource: resource.values(),
          manager: manager.values(),
          coordinator: coordinator.values(),
        },
      },
    };
  }

  private resourceCrashed(timeUs: number, resource: number): void {
    const { resources, pointers, processes } = this.health.truth;
    const state = resources.state(resource);
    if (timeUs < this.warmUpUs || (state !== UP && state !== STOPPING)) return;
    const manager = pointers.manager(resource);
    // The host's crash comes first in its instant and takes the pointer: the manager's own
    // listing is what is left to tell that somebody watches.
    const watched = manager !== -1 ? processes.isLive(manager) : this.isListed(resource);
    if (watched) this.resourceCrashUs[resource] = timeUs;
  }

  private isListed(resource: number): boolean {
    const { listings, processes } = this.health.truth;
    for (let one = listings.firstOfResource(resource); one !== NONE;) {
      if (processes.isLive(listings.manager(one))) return true;
      one = listings.nextOfResource(one);
    }
    return false;
  }

  private resourceBack(resource: number, incarnation: number): void {
    if (this.resourceCrashUs[resource] === never) return;
    if (incarnation === this.health.truth.resources.incarnation(resource)) return;
    this.resourceCrashUs[resource] = never;
    this.resource.missed += 1;
    this.all.missed += 1;
  }

  private resourceSuspected(
    timeUs: number,
    by: Address,
    resource: number,
    incarnation: number,
  ): void {
    const { truth } = this.health;
    if (incarnation !== truth.resources.incarnation(resource)) return;
    const crashUs = this.resourceCrashUs[resource];
    if (crashUs !== never) {
      this.resourceCrashUs[resource] = never;
      this.detected(this.resource, timeUs - crashUs);
    } else if (truth.isResourceLive(resource) && timeUs >= this.warmUpUs) {
      const agent = truth.inventory.agentOf[resource];
      if (truth.reachability.reach(by, agent)) this.falsely(this.resource, timeUs, by, agent);
    }
  }

  private managerCrashed(timeUs: number, process: Address): void {
    const { truth } = this.health;
    if (!truth.isManager(process) || truth.processes.isDown(process)) return;
    if (this.leaving.delete(process)) return;
    if (timeUs < this.warmUpUs) return;
    this.managerCrashUs[process] = timeUs;
    this.coordinated[process] = truth.actingManagers.includes(process) ? 1 : 0;
  }

  private managerBack(process: Address): void {
    if (!this.health.truth.isManager(process) || this.managerCrashUs[process] === never) return;
    this.managerCrashUs[process] = never;
    this.tallyOf(process).missed += 1;
    this.all.missed += 1;
  }

  private managerSuspected(timeUs: number, by: Address, of: Address): void {
    const { truth } = this.health;
    const crashUs = this.managerCrashUs[of];
    if (crashUs !== never) {
      this.managerCrashUs[of] = never;
      this.detected(this.tallyOf(of), timeUs - crashUs);
    } else if (timeUs >= this.warmUpUs && truth.processes.isLive(of)) {
      if (truth.reachability.reach(by, of)) this.falsely(this.manager, timeUs, by, of);
    }
  }

  private tallyOf(manager: Address): Tally {
    return this.coordinated[manager] === 1 ? this.coordinator : this.manager;
  }

  private detected(tally: Tally, durationUs: number): void {
    tally.samples.add(durationUs);
    this.all.samples.add(durationUs);
  }

  private falsely(tally: Tally, timeUs: number, by: Address, of: Address): void {
    tally.falsePositives += 1;
    this.all.falsePositives += 1;
    const cause = this.causes.causeOf(timeUs, by, of);
    this.falseBy.set(cause, this.falseBy.get(cause)! + 1);
  }
}

function countAwaited(count: number, crashUs: number): number {
  return crashUs === never ? count : count + 1;
}

export const detections = measure(fields, ({ scenario, health }) =>
  new Detections(scenario, health));
