/**
 * The coordinator's side of the inventory: has standbys keep it, has what nobody reports looked
 * for, and registers what agents ask for.
 */
import type { CoreConfig } from './config.js';
import type { Address, Environment } from '../process.js';
import type { Authority } from './authority.js';
import type { Copies, CopyChanges } from './copies.js';
import { Enrolments } from './enrolments.js';
import type { ResourceEnrol } from './inventory-messages.js';
import type { CoordinationMessage } from './messages.js';
import type { Placement } from './placement.js';
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
  /** Since when the model is as managers report it; Infinity: it is being rebuilt. */
  #rebuiltUs = Infinity;
  #isLineOld = true;
  #hasAdopted = false;
  /** Standbys that were last told to keep everything. */
  #told: readonly Address[] | null = null;
  readonly #firstCounter: number;

  constructor(options: RegistryOptions) {
    this.#options = options;
    this.#firstCounter = options.authority.ballot.counter;
    this.#enrolments = new Enrolments(options);
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

  onEnrol(message: ResourceEnrol): void {
    this.#enrolments.onEnrol(message);
  }

  /** Another copy has told what was not known here. */
  onCopy({ entered }: CopyChanges): void {
    if (this.#rebuiltUs === Infinity) return;
    for (const resource of entered) this.#appear(resource);
    this.onCopied();
  }

  onCopied(): void {
    this.#enrolments.answer();
    this.#tellKept();
  }

  check(nowUs: number): void {
    if (this.#rebuiltUs === Infinity) return;
    if (this.#isLineOld) this.#drawLine();
    const { heartbeatPeriodUs } = this.#options.config.managers;
    if (!this.#hasAdopted && nowUs - this.#rebuiltUs >= 2 * heartbeatPeriodUs) this.#adopt();
    this.onCopied();
  }

  /** Whoever kept a copy had two periods to offer it. Without any, what managers list is all. */
  #adopt(): void {
    this.#hasAdopted = true;
    const { copies, whole: { model }, authority } = this.#options;
    const { inventory } = copies;
    const isLost = inventory.passed.upTo
      .every(({ ballot }) => ballot.counter >= this.#firstCounter);
    if (!isLost) return;
    for (let resource = 0; resource < model.extent; resource += 1) {
      const entity = model.entity(resource);
      if (entity === null || inventory.has(resource)) continue;
      const { descriptor, incarnation } = entity;
      const agent = model.agent(resource);
      inventory.register({ resource, agent, incarnation, descriptor }, authority.ballot);
      this.#enrolments.tell(resource, agent);
    }
    copies.save();
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
    if (same) return;
    this.#told = standbys;
    environment.observe({ type: 'inventory-kept', standbys });
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
