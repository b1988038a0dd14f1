import type { Heard } from '../../core/observations.js';
import type { Address, Verb } from '../../core/process.js';
import { undoes } from '../../core/verbs/index.js';
import { Watch } from './watch.js';

/** An action that was begun, or has succeeded. */
interface Action {
  readonly rule: string;
  readonly verb: Verb;
  readonly atUs: number;
}

interface Done extends Action {
  /** It undid what another rule had done. */
  readonly undid: boolean;
}

/** From one action of a rule to the next, or it has nothing to do with what was between. */
const hastyUs = 55e6;
/** So many in so long a time, before it is told and once it is. */
const withinUs = 180e6;
const mostUntold = 12;
const mostTold = 24;

/**
 * Peace among rules: two that undo each other on a resource, wherever each is enforced, are named
 * and slowed down. Who holds the resource, or coordinates, anew has not seen what was before.
 */
export class FightsSlowed extends Watch {
  static readonly title = 'fights-slowed';
  static readonly exact = true;
  static readonly meaning =
    'Rules that undo each other on a resource are named, and slowed down, before they have done ' +
    'so often.';
  readonly hears = [
    'action-started', 'action-ended', 'rules-fight', 'listing-added', 'listing-removed',
    'coordinator-elected', 'coordinator-resigned', 'process-down',
  ] as const;
  /** By who began them and their number. */
  readonly #begun = new Map<string, Action>();
  /** By resource: the last that succeeded, and when there and back was gone again. */
  readonly #last = new Map<number, Done>();
  readonly #before = new Map<number, Done>();
  readonly #returns = new Map<number, number[]>();
  readonly #told = new Set<string>();

  observe(timeUs: number, process: Address, observation: Heard<FightsSlowed['hears']>): void {
    switch (observation.type) {
      case 'action-started': {
        const { rule, verb, action } = observation;
        this.#begun.set(`${process}/${action}`, { rule, verb, atUs: timeUs });
        return;
      }
      case 'action-ended': {
        const begun = this.#begun.get(`${process}/${observation.action}`);
        this.#begun.delete(`${process}/${observation.action}`);
        if (observation.outcome !== 'succeeded' || begun === undefined) return;
        return this.#done(timeUs, observation.resource, begun);
      }
      case 'rules-fight':
        for (const rule of observation.rules) this.#told.add(rule);
        return;
      case 'listing-added':
      case 'listing-removed':
        this.#returns.delete(observation.resource);
        return;
      default:
        this.#returns.clear();
    }
  }

  #done(timeUs: number, resource: number, action: Action): void {
    const last = this.#last.get(resource);
    const before = this.#before.get(resource);
    const undid = last !== undefined && last.rule !== action.rule && undoes(action.verb, last.verb);
    if (last !== undefined) this.#before.set(resource, last);
    this.#last.set(resource, { ...action, undid });
    const isReturn = undid && last.undid && before?.rule === action.rule &&
      action.atUs - before.atUs <= hastyUs;
    if (!isReturn) return;
    const recent = (this.#returns.get(resource) ?? []).filter((atUs) => atUs > timeUs - withinUs);
    this.#returns.set(resource, [...recent, timeUs]);
    const isTold = this.#told.has(action.rule) && this.#told.has(last.rule);
    if (recent.length < (isTold ? mostTold : mostUntold)) return;
    this.break(timeUs, `${action.rule} and ${last.rule} have undone each other on ` +
      `${this.resource(resource)} ${recent.length + 1} times in three minutes, ` +
      (isTold ? 'though they are known to' : 'and nobody has told'));
  }
}
