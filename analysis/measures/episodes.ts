/** Recovery episodes of the management plane. */
import type { Observation } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import type { EpisodeLog } from '../../checker/episode-log.js';
import type {
  ConditionChange,
  Disturbance,
  HealthChange,
  HealthListener,
  Suspicion,
} from '../../checker/health/index.js';
import type { Truth } from '../../checker/truth/index.js';
import type { Availability } from './availability.js';
import type { FaultTable } from './faults.js';
import type { FaultHappening, Happening } from './happening.js';
import type { EpisodeCost, Mark, MessageCost } from './message-cost.js';

/** More would make no better story; they are counted all the same. */
const mostHappenings = 120;

/** Instants in microseconds; NaN: absent. */
export interface Phases {
  firstDetectedUs: number;
  detectedUs: number;
  electedUs: number;
  reregisteredUs: number;
  syncedUs: number;
}

/** An episode that is over, or was open when the run ended. */
export interface Episode {
  readonly startUs: number;
  /** Null: censored. */
  readonly endUs: number | null;
  /** The last t0 that it owes itself to; null: none. */
  readonly lastFaultUs: number | null;
  readonly boundUs: number | null;
  readonly faults: number;
  readonly phases: Readonly<Phases>;
  readonly happenings: readonly Happening[];
  /** Live resources without a manager, at most. */
  readonly mostUnmanaged: number;
  /** What was wrong at the start, and at the end if censored; in words. */
  readonly violations: readonly string[];
  readonly cost: EpisodeCost;
}

/** When the plane turned healthy, and how all stood then; dropped if that does not last. */
interface Ending {
  readonly timeUs: number;
  readonly lastFaultUs: number | null;
  readonly boundUs: number | null;
  readonly faults: number;
  readonly phases: Phases;
  readonly happenings: number;
  readonly mostUnmanaged: number;
  readonly mark: Mark;
}

interface Open {
  startUs: number;
  mark: Mark;
  faults: number;
  readonly phases: Phases;
  readonly happenings: Happening[];
  /** Who was suspected in it: only the first suspicion of each is news. */
  readonly suspected: Set<Address>;
  violations: readonly string[];
  ending: Ending | null;
}

interface Instant extends Pick<Open, 'suspected' | 'phases'> {
  readonly timeUs: number;
  readonly happenings: FaultHappening[];
  faults: number;
}

/** What the episodes are measured by. */
export interface EpisodeContext {
  readonly truth: Truth;
  /** Follows t0 and B; must have heard of each change before the episodes do. */
  readonly log: EpisodeLog;
  readonly faults: FaultTable;
  readonly cost: MessageCost;
  readonly availability: Availability;
  readonly warmUpUs: number;
  readonly holdUs: number;
  /** An episode is over, and what was elected in it has lasted. */
  settled(timeUs: number): void;
}

/**
 * From the first instant not healthy to the first from which the plane is healthy for the hold
 * window. One that is open when the warm-up ends counts from there; the start of a run is none. To
 * be told of each observation before the truth is, and after the health has let time pass.
 */
export class Episodes implements HealthListener {
  readonly all: Episode[] = [];
  private readonly context: EpisodeContext;
  private open: Open | null = null;
  private warm = false;
  /** An episode that starts with the latest disturbance costs from there. */
  private disturbance: { readonly timeUs: number; readonly mark: Mark } | null = null;
  /** What happened in the latest instant: an episode that starts then has it. */
  private instant = instantAt(-1);

  constructor(context: EpisodeContext) {
    this.context = context;
  }

  /** The warm-up is over, at this instant. */
  begin(timeUs: number): void {
    this.warm = true;
    if (this.open === null) return;
    const { violations, ending } = this.open;
    this.open = this.opened(timeUs, violations);
    // Healthy already, only not for long enough: nothing of it lies in the time that counts.
    if (ending !== null) this.open = null;
  }

  observe(timeUs: number, process: Address, observation: Observation): void {
    switch (observation.type) {
      case 'fault-began':
      case 'fault-ended':
        this.faultTurned(timeUs, observation);
        break;
      case 'coordinator-elected':
        this.phasesAt(timeUs).electedUs = timeUs;
        this.happened({ what: 'elected', timeUs, process });
        break;
      case 'coordinator-resigned': {
        const successor = observation.successor.address;
        this.happened({ what: 'resigned', timeUs, process, successor });
        break;
      }
      default:
    }
  }

  healthChanged({ timeUs, healthy, violations }: HealthChange): void {
    this.advance(timeUs);
    if (healthy) {
      if (this.open !== null) this.open.ending = this.endingAt(timeUs, this.open);
    } else if (this.open === null) {
      this.open = this.opened(timeUs, violations.map(({ words }) => words));
    } else {
      this.open.ending = null;
    }
  }

  conditionChanged({ timeUs, condition, holds }: ConditionChange): void {
    if (!holds) return;
    if (condition === 'managed') this.phasesAt(timeUs).reregisteredUs = timeUs;
    else if (condition === 'model') this.phasesAt(timeUs).syncedUs = timeUs;
  }

  suspected({ timeUs, by, of, justified }: Suspicion): void {
    if (!justified || !this.context.truth.isManager(by)) return;
    const { suspected } = this.open ?? this.at(timeUs);
    if (suspected.has(of)) return;
    suspected.add(of);
    const phases = this.phasesAt(timeUs);
    phases.detectedUs = timeUs;
    if (Number.isNaN(phases.firstDetectedUs)) phases.firstDetectedUs = timeUs;
    const coordinator = this.context.truth.actingManagers.includes(by);
    this.happened({ what: 'suspected', timeUs, by, of, coordinator });
  }

  /** Whoever returns may be lost, and suspected, once more. */
  disturbed({ timeUs, kind, process }: Disturbance): void {
    if (this.disturbance?.timeUs !== timeUs) {
      this.disturbance = { timeUs, mark: this.context.cost.mark() };
    }
    if (kind === 'manager-up' || kind === 'manager-resumed') this.open?.suspected.delete(process);
    else if (kind === 'reachability') this.open?.suspected.clear();
  }

  /** Closes the open episode if its hold window is over by now. */
  advance(timeUs: number): void {
    // The log reads the truth when it is asked: that must be before anybody reacts.
    void this.context.log.boundUs;
    const ending = this.open?.ending ?? null;
    if (ending === null || ending.timeUs + this.context.holdUs > timeUs) return;
    this.close(this.open!, ending, ending.timeUs);
    this.open = null;
    this.context.settled(timeUs);
  }

  /** An episode still open then is censored. `violations`: what is wrong at the end. */
  finish(timeUs: number, violations: readonly string[]): void {
    this.advance(timeUs);
    if (this.open === null) return;
    if (violations.length > 0) this.open.violations = violations;
    this.close(this.open, this.endingAt(timeUs, this.open), null);
    this.open = null;
  }

  private opened(timeUs: number, violations: readonly string[]): Open {
    const { cost, availability } = this.context;
    const { instant } = this;
    const mine = instant.timeUs === timeUs;
    availability.resetUnmanaged();
    return {
      startUs: timeUs,
      mark: this.disturbance?.timeUs === timeUs ? this.disturbance.mark : cost.mark(),
      faults: mine ? instant.faults : 0,
      phases: mine ? { ...instant.phases } : noPhases(),
      happenings: mine ? [...instant.happenings] : [],
      suspected: new Set(mine ? instant.suspected : []),
      violations,
      ending: null,
    };
  }

  private endingAt(timeUs: number, open: Open): Ending {
    const { log, cost, availability } = this.context;
    const { t0Us, boundUs } = log;
    // What begins after the bound of the last disturbance is not its doing.
    const owed = t0Us + (boundUs ?? 0) >= open.startUs;
    return {
      timeUs,
      lastFaultUs: owed ? t0Us : null,
      boundUs,
      faults: open.faults,
      phases: { ...open.phases },
      happenings: open.happenings.length,
      mostUnmanaged: availability.mostUnmanaged,
      mark: cost.mark(),
    };
  }

  private close(open: Open, ending: Ending, endUs: number | null): void {
    if (!this.warm) return;
    // Coming up is no recovery, as long as nothing went wrong meanwhile.
    if (open.startUs === 0 && endUs !== null && ending.faults === 0) return;
    this.all.push({
      startUs: open.startUs,
      endUs,
      lastFaultUs: ending.lastFaultUs,
      boundUs: ending.boundUs,
      faults: ending.faults,
      phases: ending.phases,
      happenings: open.happenings.slice(0, ending.happenings),
      mostUnmanaged: ending.mostUnmanaged,
      violations: open.violations,
      cost: this.context.cost.episode(open.mark, ending.mark),
    });
  }

  private faultTurned(
    timeUs: number,
    observation: Observation & { type: 'fault-began' | 'fault-ended' },
  ): void {
    const { faults, truth } = this.context;
    const instant = this.at(timeUs);
    const { fault } = observation;
    if (!faults.has(fault)) return;
    const { beganUs, kind, target, scope } = faults.fault(fault);
    const began = observation.type === 'fault-began';
    // One that both begins and ends in an episode counts once.
    const news = began || beganUs < (this.open?.startUs ?? timeUs);
    if (news) instant.faults += 1;
    if (news && this.open !== null) this.open.faults += 1;
    if (scope !== 'management') return;
    const hit = began ? observation.processes : [];
    const coordinator = truth.actingManagers.find((manager) => hit.includes(manager)) ?? null;
    const what = began ? 'fault-began' : 'fault-ended';
    const happening = { what, timeUs, kind, target, coordinator } as const;
    instant.happenings.push(happening);
    this.happened(happening);
  }

  /** What has happened in this instant so far. */
  private at(timeUs: number): Instant {
    if (this.instant.timeUs !== timeUs) this.instant = instantAt(timeUs);
    return this.instant;
  }

  /** Of the open episode, or of one that this instant may yet turn out to begin. */
  private phasesAt(timeUs: number): Phases {
    return (this.open ?? this.at(timeUs)).phases;
  }

  private happened(happening: Happening): void {
    const happenings = this.open?.happenings;
    if (happenings !== undefined && happenings.length < mostHappenings) happenings.push(happening);
  }
}

function instantAt(timeUs: number): Instant {
  return { timeUs, happenings: [], faults: 0, suspected: new Set(), phases: noPhases() };
}

function noPhases(): Phases {
  return {
    firstDetectedUs: NaN,
    detectedUs: NaN,
    electedUs: NaN,
    reregisteredUs: NaN,
    syncedUs: NaN,
  };
}
