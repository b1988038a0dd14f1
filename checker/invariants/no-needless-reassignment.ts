import { compareBallots, type Ballot } from '../../core/identity.js';
import type { Observation } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { Watch } from './watch.js';

type LinksChanged = Extract<Observation, { type: 'links-changed' }>;

/** A resource went over from one that it obeyed to another. */
interface Change {
  readonly resource: number;
  readonly from: Address;
  readonly to: Address;
  readonly ballot: Ballot;
  /** If it was part of a move, that has shown by then. */
  readonly dueUs: number;
}

/**
 * Economy of the coordinator: tokens make a second assignment of the same resource harmless, but it
 * costs, and hides that the coordinator lost track. What a reason is for the coordinator may be
 * long past for everybody else, so whatever was amiss with either manager lately counts as one.
 */
export class NoNeedlessReassignment extends Watch {
  static readonly title = 'no-needless-reassignment';
  static readonly meaning =
    'Under one ballot no resource goes straight from a manager to another that was not moved, ' +
    'unless something was amiss with either, with the coordinator, or with all messages.';
  readonly isTimed = true;
  /** Whom each resource obeys; -1: nobody. */
  readonly #manager: Int32Array;
  readonly #ballot: (Ballot | null)[];
  /** Managers that a resource has given up, or that have let go of it, ever. */
  readonly #partings = new Map<number, Set<Address>>();
  /** Until when something was amiss with a manager; Infinity: it still is. */
  readonly #amissUntilUs = new Map<Address, number>();
  /** How late links make messages now, and until when such are about. */
  #delayUs = 0;
  #lateUntilUs = -Infinity;
  /** Until when messages were lost; Infinity: they are. */
  #lossyUntilUs: number;
  readonly #inOffice = new Map<Address, Ballot>();
  /** Not yet known to be a move, in order of time. */
  #changes: Change[] = [];

  constructor(context: Watch['context']) {
    super(context);
    const { resources } = context.inventory;
    this.#manager = new Int32Array(resources).fill(-1);
    this.#ballot = Array.from({ length: resources }, () => null);
    const { baseLoss, baseHarm } = context.bounds;
    this.#lossyUntilUs = baseLoss > 0 || baseHarm !== null ? Infinity : -Infinity;
  }

  observe(timeUs: number, process: Address, observation: Observation): void {
    this.#judge(timeUs);
    switch (observation.type) {
      case 'pointer-set':
        return this.#onPointer(timeUs, observation);
      case 'pointer-lost':
        this.#part(observation.resource, this.#manager[observation.resource]);
        this.#manager[observation.resource] = -1;
        return;
      case 'listing-removed':
        return this.#part(observation.resource, process);
      case 'links-changed':
        return this.#onLinks(timeUs, observation);
      case 'resource-moved': {
        const { resource, from, to } = observation;
        return this.#forget((change) =>
          change.resource === resource && change.from === from && change.to === to);
      }
      case 'model-forgot':
        // Decommissioned: whether it was moved is told no more.
        return this.#forget(({ resource, ballot }) =>
          resource === observation.resource && ballot.address === process);
      default:
        this.#onManager(timeUs, process, observation);
    }
  }

  finish(timeUs: number): void {
    this.#judge(timeUs);
  }

  #onManager(timeUs: number, process: Address, observation: Observation): void {
    switch (observation.type) {
      case 'coordinator-elected':
        this.#forgetOf(process);
        this.#inOffice.set(process, observation.ballot);
        return;
      case 'coordinator-resigned':
        this.#forgetOf(process);
        this.#inOffice.delete(process);
        return;
      case 'mark':
        // What it began may still come about, now that it expects it no more.
        if (observation.name === 'move given up') this.#amiss(process, timeUs);
        // Each of several orders was lost, or what told that it was obeyed.
        if (observation.name === 'order that was never carried out' && this.#isLossy(timeUs)) {
          this.#amiss(process, timeUs);
        }
        return;
      case 'manager-suspected':
        return this.#amiss(observation.manager, Infinity);
      case 'manager-trusted':
        return this.#amiss(observation.manager, timeUs);
      case 'process-down':
        for (const resource of this.context.inventory.resourcesOf(process)) {
          this.#manager[resource] = -1;
        }
        this.#inOffice.delete(process);
        return this.#amiss(process, Infinity);
      case 'process-paused':
      case 'process-leaving':
      case 'clock-set':
      case 'host-slowed':
        return this.#amiss(process, Infinity);
      case 'process-up':
      case 'process-resumed':
        if (this.#amissUntilUs.has(process)) this.#amiss(process, timeUs);
        return;
      default:
    }
  }

  /** What was sent while links were slow may arrive as late as they made it. */
  #onLinks(timeUs: number, { loss, harm }: LinksChanged): void {
    const { baseLoss, baseHarm } = this.context.bounds;
    const isLossy = (loss ?? baseLoss) > 0 || (harm ?? baseHarm) !== null;
    if (isLossy) this.#lossyUntilUs = Infinity;
    else if (this.#lossyUntilUs === Infinity) this.#lossyUntilUs = timeUs;
    const delayUs = harm?.delayUs ?? 0;
    if (this.#delayUs > 0) {
      this.#lateUntilUs = Math.max(this.#lateUntilUs, timeUs + this.#delayUs);
    }
    this.#delayUs = delayUs;
    if (delayUs > 0) this.#changes = [];
  }

  /** Messages were lost within the time in which an order is given again and again. */
  #isLossy(timeUs: number): boolean {
    return this.#lossyUntilUs > timeUs - 2 * this.context.bounds.moveUs;
  }

  #onPointer(timeUs: number, set: Extract<Observation, { type: 'pointer-set' }>): void {
    const { resource, manager: to, token: { ballot } } = set;
    const from = this.#manager[resource];
    const former = this.#ballot[resource];
    this.#manager[resource] = to;
    this.#ballot[resource] = ballot;
    // Where nothing is promised (more load than capacity), news may take any time.
    if (this.context.bounds.recoveryUs === null) return;
    if (from === -1 || from === to || compareBallots(former, ballot) !== 0) return;
    const isInOffice = compareBallots(this.#inOffice.get(ballot.address) ?? null, ballot) === 0;
    if (!isInOffice || this.#partings.get(resource)?.has(from) === true) return;
    const dueUs = timeUs + this.context.bounds.moveUs;
    const change = { resource, from, to, ballot, dueUs };
    if (!this.#isExcused(change)) this.#changes.push(change);
  }

  #part(resource: number, manager: Address): void {
    const former = this.#partings.get(resource);
    if (former === undefined) this.#partings.set(resource, new Set([manager]));
    else former.add(manager);
  }

  #amiss(manager: Address, untilUs: number): void {
    this.#amissUntilUs.set(manager, untilUs);
    this.#forgetOf(manager);
  }

  /** Something was amiss with one of them not long before. */
  #isExcused({ from, to, ballot, dueUs }: Change): boolean {
    const longAgoUs = dueUs - 2 * this.context.bounds.moveUs;
    if (this.#delayUs > 0 || this.#lateUntilUs > longAgoUs) return true;
    return [from, to, ballot.address].some((manager) =>
      (this.#amissUntilUs.get(manager) ?? -Infinity) > longAgoUs);
  }

  /** All that it had a part in, as a manager or as the coordinator. */
  #forgetOf(manager: Address): void {
    this.#forget(({ from, to, ballot }) =>
      from === manager || to === manager || ballot.address === manager);
  }

  #forget(which: (change: Change) => boolean): void {
    if (this.#changes.length === 0) return;
    this.#changes = this.#changes.filter((change) => !which(change));
  }

  #judge(timeUs: number): void {
    if (this.#changes.length === 0 || this.#changes[0].dueUs >= timeUs) return;
    const { resource, from, to, dueUs } = this.#changes.shift()!;
    const atS = ((dueUs - this.context.bounds.moveUs) / 1e6).toFixed(1);
    const way = `from ${this.process(from)} to ${this.process(to)}`;
    this.break(dueUs, `${this.resource(resource)} went ${way} at ${atS} s for no reason`);
  }
}
