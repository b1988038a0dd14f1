/**
 * What managers and the coordinator say to each other of actions of local rules that brakes of the
 * scenario count: only the coordinator sees what all do.
 */
import { outcomes } from '../identity.js';
import { list, message, nullable, record, text, uint, word, type Of } from '../wire/record.js';

/** Brakes that look at what all rules do. */
export const sharedCauses = ['budget', 'halt', 'unavailable'] as const;

const permitWish = record('permitWish', {
  /** Of the manager's own making, for this one wish; the same again is the same wish. */
  number: uint,
  resource: uint,
  /** By name: both have read the same files. */
  rule: text,
});
export type PermitWish = Of<typeof permitWish>;

const permitReturn = record('permitReturn', {
  number: uint,
  /** How the action ended; unused: none began, and none will. */
  end: word(['unused', ...outcomes]),
});
export type PermitReturn = Of<typeof permitReturn>;

/** A manager asks whether actions may begin, and says of which it is done. */
const permitRequest = message('permit-request', { code: 51 }, {
  wishes: list(permitWish), returned: list(permitReturn),
});
export type PermitRequest = Of<typeof permitRequest>;

const permitAnswer = record('permitAnswer', {
  number: uint,
  /** Null: it may begin, if this comes soon after it was asked for. */
  heldBy: nullable(word(sharedCauses)),
  /** When to ask again. */
  waitUs: uint,
});
export type PermitAnswer = Of<typeof permitAnswer>;

const permitAnswers = message('permit-answers', { code: 52 }, { answers: list(permitAnswer) });
export type PermitAnswers = Of<typeof permitAnswers>;

export const permitMessages = [permitRequest, permitAnswers] as const;
