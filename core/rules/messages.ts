/** What who decides on an action and who carries it out say to each other. */
import { outcomes, refusals, token, type Outcome, type Refusal } from '../identity.js';
import { request, verb } from '../verbs/index.js';
import { state } from '../metamodel/entity.js';
import { message, uint, word, type Of } from '../wire/record.js';

/** Carry out `verb` if the resource is still in this incarnation. */
const actionRequest = message('action-request', { code: 23 }, {
  /** Numbered by its issuer; the same number again is a retry of the same action. */
  action: uint,
  resource: uint,
  verb: request,
  /** The incarnation that the issuer saw. */
  incarnation: uint,
  /** The issuer's authority: a manager's token, or a coordinator's ballot with sequence 0. */
  authority: token,
});
export type ActionRequest = Of<typeof actionRequest>;

const actionOutcome = message('action-outcome', { code: 24 }, {
  action: uint,
  resource: uint,
  verb,
  /** If it was refused, mostly why. */
  outcome: word([...outcomes, ...refusals]),
  /** The resource's incarnation and state when the outcome was reported. */
  incarnation: uint,
  state,
});
export type ActionOutcome = Of<typeof actionOutcome>;

/** How the action ended and, if it was refused and the message says so, why. */
export function endOf(
  { outcome }: Pick<ActionOutcome, 'outcome'>,
): { readonly outcome: Outcome; readonly refusal?: Refusal } {
  const refusal = refusals.find((one) => one === outcome);
  return refusal === undefined ? { outcome: outcome as Outcome } : { outcome: 'refused', refusal };
}

const questionFields = {
  action: uint,
  resource: uint,
  /** Of the host's own making, for this one time. */
  question: uint,
};

/** Where actions have deadlines, a host asks before it acts whether it is not too late. */
const actionCheck = message('action-check', { code: 37 }, questionFields);
export type ActionCheck = Of<typeof actionCheck>;

/** It is in time: the host may begin, if this comes soon after its question. */
const actionConfirmed = message('action-confirmed', { code: 38 }, questionFields);
export type ActionConfirmed = Of<typeof actionConfirmed>;

export const actionMessages = [
  actionRequest, actionOutcome, actionCheck, actionConfirmed,
] as const;
