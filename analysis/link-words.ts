/** Faults of links in words. */
import { impairmentKinds, type ImpairmentKind } from '../experiment/impairment.js';

interface Clauses {
  readonly began: (target: string) => string;
  readonly ended: string;
}

const of = (what: string): Clauses['began'] => (target) => `${what} (${target})`;

const clauses: Readonly<Record<ImpairmentKind | 'partition', Clauses>> = {
  partition: {
    began: of('the network fell apart'), ended: 'the network grew together again',
  },
  loss: {
    // Where some hosts are named, they come after the share.
    began: (target) => target.includes(' at ')
      ? `messages began to get lost (${target})`
      : `${target} of the messages began to get lost`,
    ended: 'the loss of messages ended',
  },
  burstyLoss: {
    began: of('messages began to get lost in bursts'), ended: 'the bursts of loss ended',
  },
  duplication: { began: of('messages began to arrive twice'), ended: 'the duplication ended' },
  corruption: { began: of('messages began to be corrupted'), ended: 'the corruption ended' },
  jitter: { began: of('delays began to vary'), ended: 'the jitter ended' },
  delaySpikes: { began: of('delays began to spike'), ended: 'the delay spikes ended' },
  reordering: { began: of('messages began to overtake others'), ended: 'the reordering ended' },
  bandwidth: { began: of('bandwidth became short'), ended: 'bandwidth was plenty again' },
};

/** Whether faults of this kind are about links. */
export function isOfLinks(kind: string): kind is ImpairmentKind | 'partition' {
  return kind === 'partition' || (impairmentKinds as readonly string[]).includes(kind);
}

/** Null for a fault that is not about links. */
export function linkClause(kind: string, began: boolean, target: string): string | null {
  if (!isOfLinks(kind)) return null;
  return began ? clauses[kind].began(target) : clauses[kind].ended;
}

/** A kind of fault as people write it: `delay spikes`. */
export function kindInWords(kind: string): string {
  return kind.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
