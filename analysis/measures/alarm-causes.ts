/**
 * Why somebody may have suspected what was alive: what kept them from hearing each other lately.
 */
import { longestSilenceUs } from '../../core/detection/index.js';
import type { HostCut, Observation } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { passes } from '../../experiment/cut.js';
import type { Inventory } from '../../experiment/inventory.js';
import type { ResolvedScenario } from '../../experiment/scenario/resolved.js';

/** In the order in which they are asked: the first that applies to a false alarm is its cause. */
export const alarmCauses = ['pause', 'cut', 'load', 'delay', 'loss', 'other'] as const;
export type AlarmCause = (typeof alarmCauses)[number];

/** What {@link AlarmCauses} is to be told of. */
export const alarmSigns = [
  'process-paused', 'process-resumed', 'clock-set', 'process-down', 'host-slowed', 'reachability',
  'links-changed',
] as const;

/** Who reached whom, until some time. */
interface Reach {
  readonly groups: readonly number[];
  readonly cut: HostCut | undefined;
  readonly untilUs: number;
}

/** Memory: what ended within the longest silence. */
export class AlarmCauses {
  private readonly zoneOf: ArrayLike<number>;
  /** What ended before so long ago made nobody suspected now. */
  private readonly memoryUs: number;
  /** When each process last stood still or had its clock set, and when it was last slow. */
  private readonly stoodUs = new Map<Address, number>();
  private readonly slowUs = new Map<Address, number>();
  private readonly slowByDefault: boolean;
  private reach: Reach;
  private former: Reach[] = [];
  private readonly lossyByDefault: boolean;
  private lossyUs: number;
  private lateUs = -Infinity;

  constructor(scenario: ResolvedScenario, { zoneOf }: Inventory) {
    const { coordination, network, system } = scenario;
    const { resources, managers } = coordination;
    const longestUs = Math.max(
      resources.timeoutUs, resources.answerTimeoutUs, managers.timeoutUs, managers.answerTimeoutUs,
      ...[resources, managers].map((rhythm) => longestSilenceUs(coordination, rhythm) ?? 0),
    );
    this.zoneOf = zoneOf;
    this.memoryUs = longestUs + 2 * resources.checkPeriodUs + managers.heartbeatPeriodUs;
    this.reach = { groups: system.zones.map(() => 0), cut: undefined, untilUs: Infinity };
    this.slowByDefault = system.service.managerUs + system.service.agentUs > 0;
    this.lossyByDefault = network.loss > 0 || network.impairments.length > 0;
    this.lossyUs = this.lossyByDefault ? Infinity : -Infinity;
  }

  observe(timeUs: number, process: Address, observation: Observation): void {
    switch (observation.type) {
      case 'process-paused':
        this.stoodUs.set(process, Infinity);
        break;
      case 'process-resumed':
      case 'clock-set':
        this.stoodUs.set(process, timeUs);
        break;
      case 'process-down':
        // Its next life does not stand still.
        if (this.stoodUs.get(process) === Infinity) this.stoodUs.set(process, timeUs);
        break;
      case 'host-slowed':
        this.slowUs.set(process, observation.factor > 1 ? Infinity : timeUs);
        break;
      case 'reachability': {
        const { groups, cut } = observation;
        this.former = this.former.filter(({ untilUs }) => untilUs > timeUs - this.memoryUs);
        this.former.push({ ...this.reach, untilUs: timeUs });
        this.reach = { groups, cut, untilUs: Infinity };
        break;
      }
      case 'links-changed': {
        const { loss, harm } = observation;
        const lossy = (loss ?? 0) + (harm?.loss ?? 0) > 0 || (harm?.bursts.length ?? 0) > 0;
        this.lossyUs = lossy || this.lossyByDefault ? Infinity : Math.min(this.lossyUs, timeUs);
        this.lateUs = (harm?.delayUs ?? 0) > 0 ? Infinity : Math.min(this.lateUs, timeUs);
        break;
      }
      default:
    }
  }

  causeOf(timeUs: number, by: Address, of: Address): AlarmCause {
    const fromUs = timeUs - this.memoryUs;
    const lately = (untilUs: number | undefined): boolean => (untilUs ?? -Infinity) >= fromUs;
    if ([by, of].some((one) => lately(this.stoodUs.get(one)))) return 'pause';
    if ([this.reach, ...this.former].some((one) => lately(one.untilUs) && this.cut(one, by, of))) {
      return 'cut';
    }
    if (this.slowByDefault || [by, of].some((one) => lately(this.slowUs.get(one)))) return 'load';
    if (lately(this.lateUs)) return 'delay';
    return lately(this.lossyUs) ? 'loss' : 'other';
  }

  private cut({ groups, cut }: Reach, a: Address, b: Address): boolean {
    if (cut !== undefined) return !passes(cut, a, b) || !passes(cut, b, a);
    return groups[this.zoneOf[a]] !== groups[this.zoneOf[b]];
  }
}
