import { deriveBounds, type Bounds } from '../../checker/bounds/index.js';
import { Balancing } from '../../checker/invariants/index.js';
import { messageTypes, type MessageType } from '../../core/messages.js';
import type { Observation, ObservationSink } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { expiredWithinUs } from '../../core/rules/index.js';
import { clockFactor } from '../../experiment/slowness.js';
import type { ResolvedScenario } from '../../experiment/scenario/index.js';
import type { MessageCounters } from '../../experiment/world.js';
import type { LoadView } from './load-view.js';

/** Sent when something has changed: where nothing does, nobody has reason to. */
const occasional: ReadonlySet<MessageType> = new Set<MessageType>([
  'resource-unknown', 'resource-register', 'resource-assign', 'resource-assigned',
  'resource-accepted', 'resource-release', 'resource-hand-over', 'model-handover',
  'manager-leave', 'coordinator-status', 'coordinator-yield', 'coordinator-announce',
  'election-request', 'overlay-broadcast', 'overlay-spread', 'overlay-leave', 'resource-retired',
]);
/** Sent when a rule wants something done; where that fails, over and over. */
const acting: ReadonlySet<MessageType> = new Set<MessageType>(['action-request', 'action-outcome']);
/** Sent for a move too; an agent that does not come is asked why. */
const moving: ReadonlySet<MessageType> = new Set<MessageType>([
  'resource-hand-over', 'resource-assign', 'resource-assigned', 'resource-accepted',
  'agent-probe',
]);
/** Sent while something is silent: what is down is asked after for as long. */
const asking: ReadonlySet<MessageType> = new Set<MessageType>(['agent-probe']);
/** Of the time in which all has to become well; its last part. */
const share = 1 / 3;
/** Of periodic messages: so many more than their periods say. */
const tolerated = 1.1;

/**
 * What is still sent when all has long been well: what is repeated for ever, comes twice a period
 * or goes to and fro breaks no other promise, and costs.
 */
export class QuietView implements ObservationSink {
  readonly #scenario: ResolvedScenario;
  readonly #fromUs: number;
  #beganUs = 0;
  #began: Float64Array | null = null;
  #endUs = 0;
  #end: Float64Array | null = null;
  /** Somebody was suspected: then there is a reason for some. */
  #suspicions = 0;
  /** A rule had a reason to act. */
  #wishes = 0;
  /** Actions, of before perhaps, were over. */
  #ends = 0;
  readonly #bounds: Bounds;
  readonly #balancing: Balancing;
  readonly #loads: Pick<LoadView, 'isEven'>;
  /** Moves that go at their configured pace were not over when the last part began. */
  #wasUneven = false;
  /** Until when each action that has not ended is sent again, at the latest. */
  readonly #underWay = new Map<string, number>();
  readonly #down = new Set<number>();
  #anyDown = false;

  /** @param quietUs how long there is no fault at the end of the scenario */
  constructor(
    scenario: ResolvedScenario, quietUs: number, loads: Pick<LoadView, 'isEven'>,
  ) {
    this.#scenario = scenario;
    this.#loads = loads;
    this.#fromUs = scenario.durationUs - share * quietUs;
    this.#bounds = deriveBounds(scenario);
    this.#balancing = new Balancing(scenario, this.#bounds);
  }

  observe(timeUs: number, process: Address, observation: Observation): void {
    const { type } = observation;
    this.#balancing.observe(timeUs, observation);
    if (type === 'resource-state') {
      if (observation.state === 'down') this.#down.add(observation.resource);
      else this.#down.delete(observation.resource);
    }
    if (type === 'action-started') {
      this.#underWay.set(`${process}/${observation.action}`, timeUs + this.#expiredUs);
    } else if (type === 'action-ended' && timeUs < this.#fromUs) {
      this.#underWay.delete(`${process}/${observation.action}`);
    }
    if (timeUs < this.#fromUs) return;
    this.#anyDown ||= this.#down.size > 0;
    if (type === 'resource-suspected' || type === 'manager-suspected') this.#suspicions += 1;
    if (type === 'rule-fired') this.#wishes += 1;
    // Who fails or is refused tries again for as long as the rule wants it.
    if (type === 'action-ended') this.#ends += 1;
    if (type === 'action-ended' && observation.outcome !== 'succeeded') this.#wishes += 1;
  }

  sample(timeUs: number, { sent }: MessageCounters): void {
    if (timeUs < this.#fromUs) return;
    if (this.#began === null) {
      this.#beganUs = timeUs;
      this.#wasUneven = !this.#loads.isEven;
      this.#began = sent.slice();
    }
    this.#endUs = timeUs;
    this.#end = sent.slice();
  }

  /** What is too much, in words; null: nothing, or where messages are lost it may be needed. */
  flaw(): string | null {
    const { network: { loss, impairments } } = this.#scenario;
    if (loss > 0 || impairments.length > 0 || this.#suspicions > 0) return null;
    const seconds = (this.#endUs - this.#beganUs) / 1e6;
    const { expected } = this.#bounds;
    const isBalancing = this.#wasUneven || this.#balancing.postponedUs > this.#fromUs;
    const isActing = this.#wishes > 0 ||
      [...this.#underWay.values()].some((untilUs) => untilUs > this.#fromUs);
    const most = (perSecond: number): number => {
      return 5 + tolerated * clockFactor(this.#scenario) * perSecond * seconds;
    };
    const tooMany = messageTypes.filter((type) => {
      const count = this.#count(type);
      if (moving.has(type) && isBalancing) return false;
      if (occasional.has(type)) return count > 0;
      if (asking.has(type)) return count > 0 && !this.#anyDown;
      if (type === 'action-outcome' && this.#ends > 0) return false;
      if (acting.has(type)) return count > 0 && !isActing;
      if (type === 'resource-heartbeat') return count > most(expected.resourceHeartbeats);
      return type === 'manager-heartbeat' && count > most(expected.managerHeartbeats);
    });
    if (tooMany.length === 0) return null;
    const counts = tooMany.map((type) => `${this.#count(type)} ${type}`).join(', ');
    return `all was well, and in the last ${seconds.toFixed(0)} s were still sent ${counts}`;
  }

  get #expiredUs(): number {
    const { coordination: { actions } } = this.#scenario;
    const { slowness, lookUs } = this.#bounds.watching;
    const timeoutUs = slowness * actions.timeoutUs;
    return expiredWithinUs({ ...actions, timeoutUs }, lookUs);
  }

  #count(type: MessageType): number {
    const at = messageTypes.indexOf(type);
    return (this.#end?.[at] ?? 0) - (this.#began?.[at] ?? 0);
  }
}
