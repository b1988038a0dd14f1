/**
 * As what entities count for global rules: as what the model shows, but for those on which an
 * action was begun. These count as what it will have made of them, so that a shortage of two starts
 * exactly two.
 */
import { states, type Entity, type ResourceState } from '../metamodel/entity.js';
import type { ActionEnd } from '../observations.js';
import type { Verb } from '../process.js';
import { effects } from '../verbs/index.js';
import { refusalOf, type Told } from './actions.js';
import { Column } from './column.js';
import type { CountedState } from './views.js';

/** It stands as long as the model shows what it showed then; its entity is no candidate. */
export interface Claim {
  readonly shown: number;
  readonly state: CountedState;
  /** Something may be under way there that nothing else tells of: the very one is asked again. */
  readonly busy?: boolean;
  /** It has been. */
  readonly again?: boolean;
}

export class Claims {
  /** 1 + state and incarnation packed, as the model shows them; 0: not in the model. */
  readonly #shown = new Column();
  readonly #claims = new Map<number, Claim>();
  /** What a former coordinator had begun, by resource, until the model shows it. */
  readonly #begun = new Map<number, { readonly incarnation: number; readonly verb: Verb }>();

  /** The state as which the resource counts; null if the model does not have it. */
  counted(resource: number): CountedState | null {
    const shown = this.#shown.get(resource);
    if (shown === 0) return null;
    return this.#claims.get(resource)?.state ?? countedAs(unpack(shown).state);
  }

  /** Of one that the model has. */
  incarnation(resource: number): number {
    return unpack(this.#shown.get(resource)).incarnation;
  }

  has(resource: number): boolean {
    return this.#claims.has(resource);
  }

  get(resource: number): Claim | undefined {
    return this.#claims.get(resource);
  }

  /** The model shows this; true: it is not what it showed before. */
  show({ resource, state, incarnation }: Entity): boolean {
    const before = this.#shown.get(resource);
    const shown = pack(state, incarnation);
    if (before === shown) return false;
    this.#shown.set(resource, shown);
    if (this.#claims.get(resource)?.shown !== shown) this.#claims.delete(resource);
    if (before === 0 && this.#begun.size > 0) this.#reclaim(resource, state, incarnation);
    return true;
  }

  /** The model has it no more. What was begun on it still counts should it return unchanged. */
  hide(resource: number): void {
    this.#shown.set(resource, 0);
  }

  /** Null: none any more. */
  set(resource: number, claim: Claim | null): void {
    if (claim === null) this.#claims.delete(resource);
    else this.#claims.set(resource, claim);
  }

  /** For an action on what the model shows. */
  of(resource: number, verb: Verb): Claim {
    return { shown: this.#shown.get(resource), state: effects[verb].meanwhile };
  }

  /** A former coordinator's action may be under way: its target counts so once the model has it. */
  begun(resource: number, incarnation: number, verb: Verb): void {
    this.#begun.set(resource, { incarnation, verb });
  }

  #reclaim(resource: number, state: ResourceState, incarnation: number): void {
    const begun = this.#begun.get(resource);
    if (begun === undefined) return;
    this.#begun.delete(resource);
    if (incarnation !== begun.incarnation || !effects[begun.verb].from.includes(state)) return;
    this.#claims.set(resource, { ...this.of(resource, begun.verb), busy: true });
  }

  clear(): void {
    this.#shown.clear();
    this.#claims.clear();
    this.#begun.clear();
  }
}

/**
 * What becomes of a claim whose action has ended without success. Its target counts as what the
 * model shows, or the agent has told since, and is no candidate before the model has caught up.
 * While anything may be under way there it counts as after that.
 *
 * @param incarnation - the target's, as far as is known
 */
export function claimAfter(
  claim: Claim, end: Exclude<ActionEnd, 'succeeded'>, incarnation: number, told: Told,
): Claim | null {
  if (end === 'expired') {
    // It may be under way all the same. Who is silent twice is out of reach, and others are in.
    const isOver = claim.again === true || told === 'never';
    return isOver ? null : { ...claim, busy: true };
  }
  const shown = unpack(claim.shown);
  const refusal = refusalOf(told);
  if (told === null || told === 'never' || refusal === undefined || refusal === 'not-obeyed') {
    const isBehind = incarnation > shown.incarnation;
    return isBehind ? { shown: claim.shown, state: countedAs(shown.state) } : null;
  }
  const isShown = told.state === shown.state && told.incarnation === shown.incarnation;
  if (isShown) return refusal === 'busy' ? { ...claim, busy: true } : null;
  if (told.incarnation < shown.incarnation) return null;
  return { shown: claim.shown, state: countedAs(told.state) };
}

/** What is under way counts as done. */
function countedAs(state: ResourceState): CountedState {
  return state === 'stopping' ? 'stopped' : state;
}

function pack(state: ResourceState, incarnation: number): number {
  return 1 + incarnation * states.length + states.indexOf(state);
}

function unpack(shown: number): { state: ResourceState; incarnation: number } {
  const packed = shown - 1;
  return {
    state: states[packed % states.length],
    incarnation: Math.floor(packed / states.length),
  };
}
