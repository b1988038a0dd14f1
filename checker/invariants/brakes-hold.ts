import { lentForUs, type BrakeSettings } from '../../core/rules/index.js';
import type { Heard } from '../../core/observations.js';
import type { Address, Verb } from '../../core/process.js';
import { earlyUs } from '../../core/running.js';
import { HandOvers, handOversHear } from './hand-overs.js';
import { RuleWaits, waitsHear } from './rule-waits.js';
import { Steadiness } from './steadiness.js';
import { Watch } from './watch.js';

/** Who wants what done, and has not learnt of its end. */
interface Wish {
  readonly process: Address;
  readonly rule: string;
  readonly verb: Verb;
}

/** Of a resource, by rule: when what counts was carried out, and the last was begun. */
interface Counted {
  readonly doneUs: ReadonlyMap<string, readonly number[]>;
  readonly begunUs: ReadonlyMap<string, number>;
}

/** What bounds the actions of a rule on one resource. */
interface OwnLimit {
  readonly scope: 'local' | 'global';
  readonly limit: { readonly atMost: number; readonly perUs: number } | null;
  readonly observes: boolean;
}

/**
 * Brakes by their effect: what the hosts carry out is counted here, by nothing of what core counts
 * with. A window of time holds no more than its brake allows, of what global rules do for each
 * coordinator, and of what all rules do times as many as have acted as one at a time; a rule's own
 * limit likewise, on each resource while one manager holds it or has been passed it on, or in each
 * group of one coordinator's. What its issuer had given up may be carried out late: of global
 * rules, and where hosts do not ask before they act, it is not counted. {@link RuleWaits} says what
 * else may keep a rule from acting.
 */
export class BrakesHold extends Watch {
  static readonly title = 'brakes-hold';
  static readonly exact = true;
  static readonly meaning =
    'No window of time holds more actions than a brake or a limit allows, counted at the hosts; ' +
    'rules that only observe do nothing, and none acts before it may.';
  readonly hears = [...waitsHear, ...handOversHear, 'coordinator-elected', 'clock-set'] as const;
  readonly #steadiness = new Steadiness(this.context);
  readonly #brakes: readonly BrakeSettings[];
  /** Whether hosts ask before they act, and how long what was permitted may be carried out. */
  readonly #hasDeadlines: boolean;
  readonly #lentUs: number;
  readonly #rules: ReadonlyMap<string, OwnLimit>;
  readonly #waits: RuleWaits;
  readonly #handOvers = new HandOvers<Counted>(
    this.context, (process, resource, knownUs) => this.#counted(process, resource, knownUs),
  );
  /** By resource. */
  readonly #wishes = new Map<number, Wish[]>();
  /** By what is counted together: when it was carried out. */
  readonly #doneUs = new Map<string, number[]>();
  /** When a clock was last set, and those that have been running too fast or slow since then. */
  #clockSetUs = -Infinity;
  readonly #drifting = new Set<Address>();
  /** Since when so many have acted as coordinator. */
  readonly #sides: { readonly sinceUs: number; readonly count: number }[] = [];

  constructor(context: Watch['context']) {
    super(context);
    const { scenario: { coordination: { actions } }, rules: { rules } } = context;
    this.#brakes = (actions.brakes ?? []).filter(({ budget }) => budget !== null);
    this.#hasDeadlines = actions.deadlines === true;
    this.#lentUs = lentForUs(actions);
    this.#waits = new RuleWaits(context, this.#steadiness, rules);
    const own = rules.flatMap(
      ({ name, scope, act }): [string, OwnLimit][] => act.verb === 'notify' ? [] : [[name, {
        scope, limit: act.limit, observes: act.observes || actions.mode === 'observe',
      }]],
    );
    this.#rules = new Map(own);
  }

  observe(timeUs: number, process: Address, observation: Heard<BrakesHold['hears']>): void {
    if (observation.type === 'listing-removed' || observation.type === 'resource-moved') {
      this.#passOn(timeUs, process, observation);
    }
    const hasty = this.#waits.look(timeUs, process, observation);
    if (hasty !== null) this.break(timeUs, `${this.process(process)}: ${hasty}`);
    switch (observation.type) {
      case 'action-started': {
        const { resource, rule, verb } = observation;
        if (this.#rules.get(rule)?.observes === true) {
          this.break(timeUs, `${rule}, which only observes, acts on ${this.resource(resource)}`);
        }
        const wishes = this.#wishes.get(resource) ?? [];
        this.#wishes.set(resource, [...wishes, { process, rule, verb }]);
        return;
      }
      case 'action-ended': return this.#forget(process, observation.resource);
      case 'process-down':
        for (const resource of this.#wishes.keys()) this.#forget(process, resource);
        this.#forgetDone(`own/${process}/`);
        this.#handOvers.lose(process);
        return this.#note(timeUs);
      case 'listing-removed': return this.#forgetDone(`own/${process}/${observation.resource}/`);
      case 'actuated': return this.#onDone(timeUs, observation);
      case 'coordinator-elected':
        // Who has never heard of any other cannot know what that one has had done.
        if (observation.ballot.counter === 1 && this.#sides.length > 0) this.#note(timeUs, 1);
        return this.#note(timeUs);
      case 'coordinator-resigned': return this.#note(timeUs);
      case 'clock-set':
        this.#clockSetUs = timeUs;
        if (observation.drift === 0) this.#drifting.delete(process);
        else this.#drifting.add(process);
        return;
      default:
    }
  }

  /** Who is passed it on goes on counting where its former holder was. */
  #passOn(timeUs: number, process: Address, told: Heard<typeof handOversHear>): void {
    const { resource, to, memory } = this.#handOvers.observe(timeUs, process, told) ?? {};
    if (memory === undefined) return;
    for (const [rule, doneUs] of memory.doneUs) {
      const key = `own/${to!}/${resource!}/${rule}`;
      this.#doneUs.set(key, [...doneUs, ...this.#doneUs.get(key) ?? []]);
    }
    this.#waits.passedOn(to!, resource!, memory.begunUs);
  }

  /** Null: nothing, or its clock may not have counted right. */
  #counted(process: Address, resource: number, knownUs: number): Counted | null {
    if (!this.#steadiness.isUndisturbed(process, 0, knownUs)) return null;
    const prefix = `own/${process}/${resource}/`;
    const doneUs = new Map<string, readonly number[]>();
    for (const [key, all] of this.#doneUs) {
      const known = key.startsWith(prefix) ? all.filter((atUs) => atUs <= knownUs) : [];
      if (known.length > 0) doneUs.set(key.slice(prefix.length), known);
    }
    const begunUs = this.#waits.begunUs(process, resource, knownUs);
    return doneUs.size + begunUs.size === 0 ? null : { doneUs, begunUs };
  }

  /** Who begins anew counts anew. */
  #forgetDone(prefix: string): void {
    for (const key of this.#doneUs.keys()) if (key.startsWith(prefix)) this.#doneUs.delete(key);
  }

  #forget(process: Address, resource: number): void {
    const left = (this.#wishes.get(resource) ?? []).filter((one) => one.process !== process);
    if (left.length === 0) this.#wishes.delete(resource);
    else this.#wishes.set(resource, left);
  }

  /** How many act as coordinator from now on. */
  #note(timeUs: number, unheard = 0): void {
    const count = this.context.health.truth.actingManagers.length + unheard;
    if (this.#sides.at(-1)?.count !== count) this.#sides.push({ sinceUs: timeUs, count });
  }

  #onDone(
    timeUs: number, { resource, verb, authority }: Heard<readonly ['actuated']>,
  ): void {
    const isGlobal = authority.sequence === 0;
    const wish = (this.#wishes.get(resource) ?? []).find((one) => one.verb === verb &&
      (this.#rules.get(one.rule)?.scope === 'global') === isGlobal &&
      (!isGlobal || one.process === authority.ballot.address));
    const limit = wish === undefined ? null : this.#rules.get(wish.rule)?.limit ?? null;
    if (limit !== null) {
      const { rule, process } = wish!;
      const key = `own/${process}/${this.#waits.subjectOf(rule, resource)}/${rule}`;
      this.#count(timeUs, key, limit.perUs, limit.atMost, process, `limit of ${rule}`);
    }
    // Whoever wanted it: as long as a host may act on a permit, that counts.
    if (wish === undefined && (isGlobal || !this.#hasDeadlines)) return;
    for (const [index, { over, of, budget }] of this.#brakes.entries()) {
      const place = this.#placeOf(resource, over);
      if (!of.includes(verb) || place === undefined) continue;
      const { atMost, perUs } = budget!;
      const what = `brakes[${index}] of ${place}`;
      const by = isGlobal ? wish!.process : null;
      if (by !== null) this.#count(timeUs, `${index}/${place}/${by}`, perUs, atMost, by, what);
      const most = atMost * this.#mostSides(timeUs - 2 * perUs - this.#lentUs);
      this.#count(timeUs, `${index}/${place}`, perUs, most, by, `${what}, all sides together`);
    }
  }

  #placeOf(resource: number, over: BrakeSettings['over']): string | undefined {
    if (over === 'run') return 'the run';
    const { zone, labels } = this.context.inventory.descriptor(resource);
    return over === 'zone' ? zone : labels['group'];
  }

  #mostSides(sinceUs: number): number {
    const from = this.#sides.findLastIndex((one) => one.sinceUs <= sinceUs);
    return Math.max(1, ...this.#sides.slice(Math.max(0, from)).map(({ count }) => count));
  }

  /** @param process - whose clock and pace it depends on; null: on those of all */
  #count(
    timeUs: number, key: string, perUs: number, atMost: number, process: Address | null,
    what: string,
  ): void {
    const { quickness } = this.context.bounds.watching;
    // A clock may run fast, and a timer come early.
    const windowUs = perUs * quickness - earlyUs;
    const before = (this.#doneUs.get(key) ?? []).filter((atUs) => atUs > timeUs - windowUs);
    const done = [...before, timeUs];
    this.#doneUs.set(key, done);
    if (done.length <= atMost || !this.#isCertain(timeUs, perUs, process)) return;
    const withinS = ((timeUs - done[0]) / 1e6).toFixed(1);
    this.break(timeUs, `${done.length} actions within ${withinS} s, ${atMost} allowed by the ` +
      what);
  }

  #isCertain(timeUs: number, perUs: number, process: Address | null): boolean {
    if (process === null) {
      const sinceUs = timeUs - 2 * perUs - this.#lentUs;
      return this.#drifting.size === 0 && this.#clockSetUs < sinceUs;
    }
    const { running } = this.context.health.truth;
    return this.#steadiness.isEven(process) &&
      running.disturbances(process, timeUs - 2 * perUs, timeUs) === 0;
  }
}
