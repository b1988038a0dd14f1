/** Kinds of faults in words, also of plugins. */
import { kindNamed } from '../experiment/faults/kinds/index.js';

/** Whether its targets name nodes. */
export function isOfNodes(kind: string): boolean {
  const hits = kindNamed(kind)?.hits;
  return hits !== undefined && hits !== 'links' && hits !== 'all';
}

/** Whether it is about links. */
export function isOfLinks(kind: string): boolean {
  return kindNamed(kind)?.hits === 'links';
}

/** It ends all others. */
export function isHealing(kind: string): boolean {
  return kindNamed(kind)?.hits === 'all';
}

/** Its begin, or its end, as a clause; `several`: of nodes. */
export function faultClause(
  kind: string, whom: string, { began, several }: { began: boolean; several: boolean },
): string {
  const words = kindNamed(kind)?.words;
  if (words === undefined) return `${kind} ${began ? 'began' : 'ended'} (${whom})`;
  return began ? words.began(whom, several) : words.ended(whom);
}

/** As a noun: `the crash`, `the return`, `the end of the jitter`. */
export function faultNoun(kind: string, began: boolean): string {
  const known = kindNamed(kind);
  const named = `the ${kindInWords(kind)}`;
  if (began) return known?.words.begin ?? named;
  return known !== undefined && 'takes' in known && known.takes === 'life'
    ? 'the return' : `the end of ${named}`;
}

/** A kind of fault as people write it: `delay spikes`. */
export function kindInWords(kind: string): string {
  return kind.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
