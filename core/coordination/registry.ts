/**
 * The coordinator's side of the inventory: has standbys keep it, has what nobody reports looked
 * for, and registers what agents ask for.
 */
import type { CoreConfig } from './config.js';
import { compareTokens } from '../identity.js';
import { isSilent } from '../metamodel/entity.js';
import type { PartEntry } from '../metamodel/delta.js';
import type { Registered } from '../metamodel/inventory.js';
import type { Address, Environment } from '../process.js';
import type { Authority } from './authority.js';
import type { Copies, CopyChanges } from './copies.js';
import { Answers } from './dismissals.js';
import { Enrolments } from './enrolments.js';
import type {
  RegistryMessage, ResourceDecommission, ResourceEnrol, ResourceRetired,
} from './inventory-messages.js';
import type { CoordinationMessage } from './messages.js';
import type { Placement } from './placement.js';
import { Unregistered } from './unregistered.js';
import type { WholeModel } from './whole-model.js';

export interface RegistryOptions {
  readonly environment: Environment<CoordinationMessage>;
  readonly config: CoreConfig;
  readonly copies: Copies;
  readonly authority: Authority;
  readonly whole: WholeModel;
  readonly placement: Placement;
  /** Who is next in line for the role, so many at most. */
  line(count: number): readonly Address[];
  send(to: Address, message: CoordinationMessage): void;
}

export class Registry {
  readonly #options: RegistryOptions;
  readonly #enrolments: Enrolments;
  readonly #unregistered: Unregistered;
  readonly #answers = new Answers();
  /** Since when the model is as managers report it; Infinity: it is being rebuilt. */
  #rebuiltUs = Infinity;
  /** Registered, and reported by no manager yet: when they are looked for. */
  readonly #unseen = new Map<number, number>();
  #isLineOld = true;
  #hasAdopted = false;
  /** No copy was left when this coordinator began: what is not registered here may have been. */
  #hasLost = false;
  /** Standbys that were last told to keep everything. */
  #told: readonly Address[] | null = null;
  /** In a new life since then: what they hold was told in another. */
  readonly #anew = new Set<Address>();
  readonly #firstCounter: number;

  constructor(options: RegistryOptions) {
    this.#options = options;
    this.#firstCounter = options.authority.ballot.counter;
    this.#enrolments = new Enrolments(options);
    const { model } = options.whole;
    this.#unregistered = new Unregistered({
      patienceUs: options.config.resources.retryMaxUs,
      isKnown: (resource) => options.copies.inventory.has(resource) || !model.has(resource),
      // Of what is down the host has answered: its agent can.
      agentOf: (resource) =>
        model.entity(resource)!.state === 'unreachable' ? null : model.agent(resource),
      ask: (agent, resources) => this.#enrolments.ask(agent, resources),
      dismiss: (resource) => this.#hasLost ? this.#enterAnew(resource) : this.#forget(resource),
    });
  }

  /** A manager's former life is over. */
  livesAnew(manager: Address): void {
    this.#options.copies.livesAnew(manager);
    this.#anew.add(manager);
  }

  /** A manager came, went, or hears no more. */
  lineChanged(): void {
    this.#isLineOld = true;
  }

  /** All managers have reported that could: what none of them named is looked for. */
  rebuilt(): void {
    this.#rebuiltUs = this.#options.environment.now();
    const { inventory } = this.#options.copies;
    for (const resource of inventory.resources()) this.#appear(resource);
    this.#drawLine();
  }

  receive(message: RegistryMessage): void {
    if (message.type === 'resource-enrol') this.#onEnrol(message);
    else if (message.type === 'resource-retired') this.#onRetired(message);
    else this.#onDecommission(message);
  }

  #onEnrol(message: ResourceEnrol): void {
    for (const resource of this.#enrolments.onEnrol(message)) this.#forget(resource);
    if (this.#rebuiltUs === Infinity) return;
    const { environment, whole: { model } } = this.#options;
    for (const { resource } of message.entries) {
      if (model.has(resource) || this.#unseen.has(resource)) continue;
      this.#unseen.set(resource, environment.now() + this.#reportUs);
    }
  }

  /** Another copy has told what was not known here. */
  onCopy({ entered, removed }: CopyChanges): void {
    for (const entry of removed) this.#dismiss(entry);
    if (this.#rebuiltUs === Infinity) return;
    for (const resource of entered) this.#appear(resource);
    this.onCopied();
  }

  /** Whoever runs the system wants these gone. Until it is known what there is, it asks again. */
  #onDecommission(message: ResourceDecommission): void {
    if (!this.#hasAdopted) return;
    const { copies, whole: { model } } = this.#options;
    const { inventory } = copies;
    const { resources } = message;
    // What is being registered has to be, before it can be decommissioned for good.
    if (resources.some((one) => !inventory.has(one) && model.has(one))) return;
    this.#remove(resources.filter((one) => inventory.has(one)));
    this.#answers.add(inventory.version, message);
    this.#answer();
  }

  /**
   * Their host has retired these: they were registered anew where nobody had heard of that. Its
   * agent is told the number first, for it may have been commissioned again since it spoke.
   */
  #onRetired({ agent, entries }: ResourceRetired): void {
    if (!this.#hasAdopted) return;
    const { inventory } = this.#options.copies;
    const gone: number[] = [];
    for (const { resource, number } of entries) {
      if (inventory.entry(resource)?.agent !== agent) continue;
      if (compareTokens(inventory.number(resource), number) === 0) gone.push(resource);
      else this.#enrolments.tell(resource, agent);
    }
    this.#remove(gone);
    this.#enrolments.answer();
  }

  /** Registered ones, each of which a message may name twice. */
  #remove(resources: readonly number[]): void {
    const { copies } = this.#options;
    const gone = [...new Set(resources)].map((resource) => copies.inventory.remove(resource));
    copies.save();
    for (const entry of gone) this.#dismiss(entry);
  }

  /**
   * A manager lists something. True: it is none of what there is, and the manager is told; for what
   * is silent and was never registered, or is not any more, may be gone for good. Where all copies
   * were lost, it may have been registered all the same.
   */
  disowns(manager: Address, { resource, removed, state }: PartEntry, nowUs: number): boolean {
    const { copies: { inventory }, whole: { model }, placement } = this.#options;
    if (!this.#hasAdopted || removed || inventory.has(resource)) return false;
    if (isSilent(state) && !model.has(resource) && !this.#hasLost) {
      placement.disown(manager, resource);
      return true;
    }
    this.#unregistered.met(resource, nowUs);
    return false;
  }

  onCopied(): void {
    this.#enrolments.answer();
    this.#answer();
    this.#tellKept();
  }

  check(nowUs: number): void {
    if (this.#rebuiltUs === Infinity) return;
    if (this.#isLineOld) this.#drawLine();
    if (!this.#hasAdopted && nowUs - this.#rebuiltUs >= this.#reportUs) this.#adopt(nowUs);
    this.#unregistered.check(nowUs);
    this.#options.copies.save();
    for (const [resource, dueUs] of this.#unseen) {
      if (dueUs > nowUs) break;
      this.#unseen.delete(resource);
      if (this.#options.copies.inventory.has(resource)) this.#appear(resource);
    }
    this.onCopied();
  }

  /** Whoever has something to tell has told it by then. */
  get #reportUs(): number {
    return 2 * this.#options.config.managers.heartbeatPeriodUs;
  }

  /**
   * Whoever kept a copy had two periods to offer it. Agents are asked for what is listed beside
   * that; without any copy what managers list is all.
   */
  #adopt(nowUs: number): void {
    this.#hasAdopted = true;
    const { copies, whole: { model } } = this.#options;
    const { inventory } = copies;
    const isLost = inventory.passed.upTo
      .every(({ ballot }) => ballot.counter >= this.#firstCounter);
    this.#hasLost = isLost && this.#firstCounter > 1;
    for (let resource = 0; resource < model.extent; resource += 1) {
      if (!model.has(resource) || inventory.has(resource)) continue;
      if (isLost) this.#enterAnew(resource);
      else this.#unregistered.met(resource, nowUs);
    }
    if (isLost) copies.save();
  }

  /** Whatever copy had it is lost. */
  #enterAnew(resource: number): void {
    const { copies: { inventory }, whole: { model }, authority } = this.#options;
    const { descriptor, incarnation } = model.entity(resource)!;
    const agent = model.agent(resource);
    inventory.register({ resource, agent, incarnation, descriptor }, authority.ballot);
    this.#enrolments.tell(resource, agent);
  }

  #drawLine(): void {
    this.#isLineOld = false;
    const { copies, config } = this.#options;
    copies.keepAt(this.#options.line(config.standbys ?? 0));
    copies.save();
    this.#tellKept();
  }

  #tellKept(): void {
    const { copies, environment } = this.#options;
    const standbys = copies.holding(this.#enrolments.confirmed);
    const same = this.#told?.length === standbys.length &&
      standbys.every((standby) => this.#told!.includes(standby));
    const anew = standbys.filter((one) => this.#anew.has(one) && !copies.isDoubted(one));
    if (same && anew.length === 0) return;
    for (const standby of anew) this.#anew.delete(standby);
    this.#told = standbys;
    environment.observe({ type: 'inventory-kept', standbys });
  }

  #answer(): void {
    const { copies, authority: { ballot }, environment } = this.#options;
    for (const { asker, resources } of this.#answers.take(copies.heldByAll)) {
      for (const resource of resources) {
        environment.observe({ type: 'resource-decommissioned', resource });
      }
      this.#options.send(asker, { type: 'resource-decommissioned', ballot, resources });
    }
  }

  /** It was registered, and is decommissioned. */
  #dismiss(entry: Registered): void {
    const { copies: { inventory } } = this.#options;
    this.#enrolments.dismiss(entry);
    if (!inventory.has(entry.resource)) this.#forget(entry.resource);
  }

  /** Nothing of it is to be seen any more, unless it comes anew. */
  #forget(resource: number): void {
    const { whole, placement } = this.#options;
    this.#unregistered.delete(resource);
    if (!whole.model.has(resource)) return;
    whole.forget(resource);
    placement.forget(resource);
  }

  /** No manager has named it: one is to listen for it. */
  #appear(resource: number): void {
    const { copies, whole, placement, environment } = this.#options;
    if (whole.model.has(resource)) return;
    const { agent, incarnation, descriptor } = copies.inventory.entry(resource)!;
    whole.report({
      resource, agent, descriptor, state: 'unknown', incarnation, metrics: null,
    }, environment.address);
    placement.assign(resource, -1);
  }
}
