/** What a coordinator knows of the whole managed system, and the global rules enforced on it. */
import { Ages } from './ages.js';
import type { CoreConfig } from './config.js';
import { Model, type Report } from '../metamodel/model.js';
import type { CoordinationMessage } from './messages.js';
import { endOf, type ActionOutcome } from '../rules/messages.js';
import type { Address, Environment } from '../process.js';
import { GlobalRules, type GlobalState, type RuleSet } from '../rules/index.js';
import type { Authority } from './authority.js';

export interface WholeModelOptions {
  readonly environment: Environment<CoordinationMessage>;
  readonly config: CoreConfig;
  readonly rules: RuleSet;
  /** What global rules kept in mind under the coordinator before; null: that is not known. */
  readonly former?: GlobalState | null;
  /** Before an action is sent: whoever is next in line hears of what has been counted. */
  tellAhead?(): void;
  holderOf(resource: number): Address;
  /** To a manager or an agent; this node's own manager too. */
  send(to: Address, message: CoordinationMessage): void;
}

export class WholeModel {
  readonly model = new Model();
  readonly rules: GlobalRules;
  readonly #ages: Ages;
  readonly #options: WholeModelOptions;
  readonly #environment: Environment<CoordinationMessage>;
  readonly #authority: Authority;
  readonly #hasGlobal: boolean;
  /** On which groups global rules are enforced, as was told. */
  #enforced: 'none' | 'known' | 'all' = 'none';

  /** @param sinceUs - when this coordinator was elected */
  constructor(options: WholeModelOptions, authority: Authority, sinceUs: number) {
    const { environment } = options;
    this.#ages = new Ages(sinceUs, (resource) => options.holderOf(resource));
    this.#options = options;
    this.#environment = environment;
    this.#authority = authority;
    this.#hasGlobal = options.rules.rules.some(({ scope }) => scope === 'global');
    this.rules = new GlobalRules(options.rules, options.config.actions, {
      send: (resource, request) => {
        const { ballot } = authority;
        const word = { ...request, authority: { ballot, sequence: 0 } };
        options.send(this.model.agent(resource), word);
      },
      confirm: (resource, message) => options.send(this.model.agent(resource), message),
      observe: (observation) => environment.observe(observation),
      now: () => environment.now(),
      descriptor: (resource) => this.model.entity(resource)?.descriptor,
      ageUs: (resource) => this.#ageUs(resource),
      seesUp: (resource) => this.model.entity(resource)?.state === 'up',
      ...(options.tellAhead === undefined ? {} : { tellAhead: () => options.tellAhead!() }),
    }, authority.ballot.counter * 1e6, authority.ballot.counter > 1 ? sinceUs : null,
    options.former ?? null);
  }

  /**
   * What others than the resource's manager say may be old: it may have waited in a paused node.
   * Only a later incarnation is news, for then the manager's own report is still to come.
   */
  hearsay(report: Report, manager: Address): void {
    const known = this.model.entity(report.resource);
    if (known === null || report.incarnation > known.incarnation) this.report(report, manager);
  }

  /** Nobody listens to the resource, for its holder is gone: with an inventory that shows. */
  doubt(resource: number, manager: Address): void {
    const entity = this.model.entity(resource);
    if (entity === null || this.#options.config.inventory !== true) return;
    this.#ages.lost(resource, manager);
    const agent = this.model.agent(resource);
    this.report({ ...entity, agent, descriptor: null, state: 'unknown', metrics: null }, manager);
  }

  /** The manager is there, and what it has told is as it told it. */
  heard(manager: Address): void {
    this.#ages.heard(manager, this.#environment.now());
  }

  #ageUs(resource: number): number {
    const isUnknown = this.model.entity(resource)?.state === 'unknown';
    return this.#ages.ageUs(resource, isUnknown, this.#environment.now());
  }

  /** An action has ended; what its agent tells of the resource may be news. */
  onOutcome(outcome: ActionOutcome): void {
    this.rules.onOutcome(outcome);
    // Who was given what is down has never heard it: nobody else may know of a later incarnation.
    const isNews = endOf(outcome).refusal === 'moved-on';
    if (this.#options.config.actions.deadlines !== true && !isNews) return;
    const { resource, state, incarnation } = outcome;
    const agent = this.model.agent(resource);
    this.hearsay(
      { resource, agent, descriptor: null, state, incarnation, metrics: null },
      this.#options.holderOf(resource),
    );
  }

  /** Once a look: on all groups, or on those of which all is known. */
  enforce(groups: 'known' | 'all', nowUs: number): void {
    if (groups !== this.#enforced && this.#hasGlobal) {
      this.#enforced = groups;
      const { ballot } = this.#authority;
      this.#environment.observe({ type: 'rules-enforced', ballot, groups });
    }
    this.#age();
    this.rules.tick(nowUs, groups === 'known');
  }

  /** Rules that mind how old it is look at all of it again. */
  #age(): void {
    const { agingKinds } = this.rules;
    if (agingKinds.size === 0) return;
    for (let resource = 0; resource < this.model.extent; resource += 1) {
      const entity = this.model.entity(resource);
      if (entity !== null && agingKinds.has(entity.descriptor.kind)) this.rules.aged(entity);
    }
  }

  /** It is not managed any more. */
  forget(resource: number): void {
    if (!this.model.has(resource)) return;
    this.model.remove(resource);
    this.#ages.told(resource);
    this.#environment.observe({ type: 'model-forgot', resource });
    this.rules.forget(resource);
  }

  report(report: Report, manager: Address): void {
    const change = this.model.update(report);
    if (change === 'nothing') return;
    const entity = this.model.entity(report.resource)!;
    if (entity.state !== 'unknown') this.#ages.told(report.resource);
    if (change === 'state') {
      const { resource, state, incarnation } = entity;
      this.#environment.observe({ type: 'model-entity', resource, state, incarnation, manager });
    } else if (!this.rules.readsMetrics(entity.descriptor.kind)) {
      return;
    }
    this.rules.update(entity);
  }
}
