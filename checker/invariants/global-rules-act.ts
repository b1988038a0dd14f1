import type { ResourceState } from '../../core/metamodel/entity.js';
import type { Heard } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import {
  expiredWithinUs, GlobalRules, type ActionSettings, type RuleSet,
} from '../../core/rules/index.js';
import { ABSENT, stateName } from '../truth/index.js';
import type { ModelTable } from '../truth/model.js';
import { Silences } from './silences.js';
import { Steadiness } from './steadiness.js';
import { Watch } from './watch.js';

type Rule = Watch['context']['rules']['rules'][number];

/** A time after every `for`. */
const longAfterUs = 1e15;

/**
 * Diligence of the global rules: where the coordinator's model has shown for long that one of them
 * wants something done, and nothing has come of any meanwhile, it is doing it. For long: any action
 * has expired since, any wait after it is over, and no brake counts what was before.
 */
export class GlobalRulesAct extends Watch {
  static readonly title = 'global-rules-act';
  static readonly exact = true;
  static readonly meaning =
    'What a global rule wants done, by the model that its coordinator has, is begun once no wait ' +
    'and no brake can be in the way any more.';
  readonly hears = [
    'rules-enforced', 'coordinator-resigned', 'process-down', 'process-up', 'process-leaving',
    'model-entity', 'model-forgot', 'action-started', 'action-ended', 'rules-fight',
  ] as const;
  readonly #steadiness = new Steadiness(this.context);
  readonly #silences = new Silences(this.context);
  /** By name: those that can be judged. */
  readonly #judged: ReadonlySet<string>;
  readonly #longUs: number;
  /** By coordinator that enforces all rules: when its model or its actions changed last. */
  readonly #stillUs = new Map<Address, number>();
  /** They are slowed down. */
  readonly #fighting = new Set<string>();

  constructor(context: Watch['context']) {
    super(context);
    const { scenario: { coordination: { actions } }, rules: { rules } } = context;
    const { slowness, lookUs } = context.bounds.watching;
    const waits = new Map<string, number>();
    for (const rule of rules) {
      const waitUs = longestWaitUs(rule);
      if (waitUs !== null && !isShared(rule, rules, actions)) waits.set(rule.name, waitUs);
    }
    this.#judged = new Set(waits.keys());
    const windowsUs = (actions.brakes ?? []).map(({ budget }) => budget?.perUs ?? 0);
    const timeoutUs = slowness * actions.timeoutUs;
    const expiredUs = expiredWithinUs({ ...actions, timeoutUs }, lookUs);
    this.#longUs = expiredUs + 4 * lookUs +
      slowness * (Math.max(0, ...waits.values()) + Math.max(0, ...windowsUs));
  }

  observe(timeUs: number, process: Address, observation: Heard<GlobalRulesAct['hears']>): void {
    if (this.#judged.size === 0) return;
    switch (observation.type) {
      case 'rules-enforced':
        if (observation.groups === 'all') this.#stillUs.set(process, timeUs);
        return;
      case 'coordinator-resigned':
      case 'process-down':
      case 'process-leaving':
        this.#stillUs.delete(process);
        return;
      case 'rules-fight':
        for (const rule of observation.rules) this.#fighting.add(rule);
        return;
      case 'model-entity':
      case 'model-forgot':
      case 'action-started':
      case 'action-ended':
        if (this.#stillUs.has(process)) this.#stillUs.set(process, timeUs);
        return;
      default: this.#judgeAll(timeUs);
    }
  }

  finish(timeUs: number): void {
    this.#judgeAll(timeUs);
  }

  #judgeAll(timeUs: number): void {
    for (const [coordinator, stillUs] of this.#stillUs) {
      if (timeUs - stillUs <= this.#longUs) continue;
      const { processes } = this.context.health.truth;
      const isFit = processes.isLive(coordinator) &&
        this.#steadiness.isUndisturbed(coordinator, stillUs, timeUs);
      const idle = isFit ? this.#idle(coordinator, stillUs, timeUs) : null;
      if (idle === null) continue;
      const whileS = ((timeUs - stillUs) / 1e6).toFixed(1);
      this.break(timeUs, `${this.process(coordinator)} does nothing by ${idle.rule}, which wants ` +
        `something done with ${this.resource(idle.resource)}, and has not for ${whileS} s`);
    }
  }

  /** What a rule would begin if it were new to all that the model shows; null: nothing. */
  #idle(
    coordinator: Address, fromUs: number, toUs: number,
  ): { readonly rule: string; readonly resource: number } | null {
    const { rules, health: { truth } } = this.context;
    const model = truth.model(coordinator);
    if (model === null) return null;
    const isIdle = ({ rule, resource }: { readonly rule: string; readonly resource: number }) =>
      this.#judged.has(rule) && !this.#fighting.has(rule) &&
      !this.#silences.mayHave(coordinator, resource, fromUs, toUs);
    const idle = this.#begun(model, rules).find(isIdle);
    if (idle === undefined) return null;
    // What it wants only once another has acted it does not want yet.
    return this.#begun(model, alone(rules, idle.rule)).find(isIdle) ?? null;
  }

  #begun(
    model: ModelTable, rules: RuleSet,
  ): { readonly rule: string; readonly resource: number }[] {
    const { inventory, scenario } = this.context;
    const begun: { readonly rule: string; readonly resource: number }[] = [];
    let nowUs = 0;
    const all = new GlobalRules(rules, withoutWindows(scenario.coordination.actions), {
      send: () => {},
      confirm: () => {},
      observe: (told) => {
        if (told.type === 'action-started') begun.push(told);
      },
      now: () => nowUs,
      descriptor: (resource) => inventory.descriptor(resource),
    });
    for (let resource = 0; resource < inventory.resources; resource += 1) {
      const state = model.state(resource);
      if (state === ABSENT) continue;
      all.update({
        resource, descriptor: inventory.descriptor(resource), metrics: null,
        state: stateName(state) as ResourceState, incarnation: model.incarnation(resource),
      });
    }
    all.tick(nowUs);
    nowUs = longAfterUs;
    all.tick(nowUs);
    return begun;
  }
}

function alone(all: RuleSet, name: string): RuleSet {
  const isIt = (rule: Rule): boolean => rule.name === name;
  const global = new Map(Array.from(all.global, ([kind, rules]) => [kind, rules.filter(isIt)]));
  return { ...all, rules: all.rules.filter(isIt), global, local: new Map() };
}

/** Before it begins, or begins again; null: it need not, or nobody can tell when. */
function longestWaitUs(rule: Rule): number | null {
  const { scope, readsMetrics, readsAge, forUs, act } = rule;
  if (scope !== 'global' || readsMetrics || readsAge || act.verb === 'notify') return null;
  const { observes, limit, cooldownUs, retry } = act;
  if (observes || limit?.giveUp === true) return null;
  return forUs + retry.maxUs + cooldownUs + (limit?.perUs ?? 0);
}

/** Managers' own rules may use up what its brakes allow. */
function isShared({ act }: Rule, rules: readonly Rule[], { brakes = [] }: ActionSettings): boolean {
  const does = (one: Rule['act'], of: readonly string[]): boolean => of.includes(one.verb);
  return brakes.some(({ of }) => does(act, of) &&
    rules.some((rule) => rule.scope === 'local' && does(rule.act, of)));
}

/** What nothing was done for has all windows empty; `halt` stays. */
function withoutWindows(actions: ActionSettings): ActionSettings {
  const { brakes, ...rest } = actions;
  const halts = brakes?.map((brake) => ({ ...brake, budget: null, unavailable: null }));
  return { ...rest, silences: [], ...(halts === undefined ? {} : { brakes: halts }) };
}
