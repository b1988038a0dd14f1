/**
 * Compare-and-set at the actuator: an action is carried out only on the incarnation that its
 * issuer saw, and its intent is durable before anything is done, so that whatever crashes, a
 * resource is never acted on twice in one incarnation.
 */
import { compareBallots, compareTokens, type Ballot, type Token } from '../identity.js';
import { mark } from '../marks.js';
import type { ActionConfirmed, ActionOutcome, ActionRequest } from '../rules/messages.js';
import type { Refusal } from '../identity.js';
import type { CoordinationMessage } from './messages.js';
import type { Address, Devices, Environment, Verb } from '../process.js';
import { makesSense, verbOf } from '../verbs/index.js';
import type { Questions } from './questions.js';

/** Whom the resources obey. */
export interface Authorities {
  /** Whether the resource is one of this host's. */
  owns(resource: number): boolean;
  token(resource: number): Token | null;
  ballot(): Ballot | null;
}

/** The last action on a resource: under way, or ended with an outcome. */
interface LastAction {
  readonly issuer: Address;
  readonly action: number;
  readonly verb: Verb;
  outcome: ActionOutcome['outcome'] | null;
}

export class Actuation {
  readonly #environment: Environment<CoordinationMessage>;
  readonly #devices: Devices;
  readonly #authorities: Authorities;
  readonly #last = new Map<number, LastAction>();
  readonly #questions: Questions | null;

  /** @param questions - asked before each action; null: it acts as it is told */
  constructor(
    environment: Environment<CoordinationMessage>, devices: Devices, authorities: Authorities,
    questions: Questions | null = null,
  ) {
    this.#environment = environment;
    this.#devices = devices;
    this.#authorities = authorities;
    this.#questions = questions;
  }

  /** After a start: what was under way when the host crashed has an unknown outcome. */
  recover(resources: readonly number[]): void {
    for (const resource of resources) {
      const stored = this.#environment.store.get(key(resource));
      if (stored === undefined) continue;
      const intent = stored as unknown as Omit<LastAction, 'outcome'>;
      this.#environment.store.delete(key(resource));
      this.#environment.store.sync();
      mark(this.#environment, 'host crashed during an action');
      const last: LastAction = { ...intent, outcome: 'unknown' };
      this.#last.set(resource, last);
      this.#report(resource, last);
    }
  }

  request(from: Address, request: ActionRequest): void {
    const { resource, action } = request;
    if (!this.#authorities.owns(resource)) return;
    const last = this.#last.get(resource);
    if (last !== undefined && last.issuer === from && last.action === action) {
      // A retry: the first request arrived, its outcome is still to come or was lost.
      mark(this.#environment, 'action asked for again');
      if (last.outcome !== null) this.#report(resource, last);
      return;
    }
    if (this.#refuses(from, request)) return;
    if (this.#questions === null) this.#act(from, request);
    else this.#questions.ask(from, request);
  }

  /** Who was asked whether it is still time says so. */
  confirmed(from: Address, message: ActionConfirmed): void {
    const request = this.#questions?.answered(from, message) ?? null;
    if (request !== null && !this.#refuses(from, request)) this.#act(from, request);
  }

  #refuses(from: Address, request: ActionRequest): boolean {
    const { resource, action } = request;
    const verb = verbOf(request.verb);
    const busy = this.#last.get(resource)?.outcome === null;
    const refusal = busy ? 'busy' : this.#refusal(request);
    if (refusal === null) return false;
    mark(this.#environment, 'action refused');
    this.#report(resource, { issuer: from, action, verb, outcome: refusal });
    return true;
  }

  #act(from: Address, request: ActionRequest): void {
    const { resource, action, incarnation, authority } = request;
    const verb = verbOf(request.verb);
    const intent = { issuer: from, action, verb };
    this.#environment.store.put(key(resource), intent);
    this.#environment.store.sync();
    this.#last.set(resource, { ...intent, outcome: null });
    this.#environment.observe({ type: 'actuated', resource, verb, incarnation, authority });
    this.#devices.actuate(resource, verb, action);
  }

  ended(resource: number, actuation: number, succeeded: boolean): void {
    const last = this.#last.get(resource);
    if (last === undefined || last.action !== actuation || last.outcome !== null) return;
    last.outcome = succeeded ? 'succeeded' : 'failed';
    // Told before it is forgotten: a crash in here leaves it unknown rather than unheard of.
    this.#report(resource, last);
    this.#environment.store.delete(key(resource));
    this.#environment.store.sync();
  }

  /** Null: the incarnation and state are as expected, and the resource obeys the authority. */
  #refusal({ resource, verb, incarnation, authority }: ActionRequest): Refusal | null {
    if (incarnation !== this.#devices.incarnation(resource)) return 'moved-on';
    if (!makesSense(verb, this.#devices.state(resource))) return 'no-sense';
    const isObeyed = authority.sequence === 0
      ? compareBallots(authority.ballot, this.#authorities.ballot()) >= 0
      : compareTokens(authority, this.#authorities.token(resource)) === 0;
    return isObeyed ? null : 'not-obeyed';
  }

  #report(resource: number, { issuer, action, verb, outcome }: LastAction): void {
    const message: ActionOutcome = {
      type: 'action-outcome', action, resource, verb, outcome: outcome!,
      incarnation: this.#devices.incarnation(resource),
      state: this.#devices.state(resource),
    };
    this.#environment.send(issuer, message);
  }
}

function key(resource: number): string {
  return `intent/${resource}`;
}
