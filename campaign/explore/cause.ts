/** How a promise was broken, apart from who was concerned, how many, and when. */
import type { Failure } from './failure.js';

/**
 * What the explanation comes to: each thing that is wrong, without names and numbers. Two failures
 * have the same cause if they break the same invariant and have one of these in common.
 */
export function causesOf({ explanation }: Pick<Failure, 'explanation'>): readonly string[] {
  // When and after what is not what is wrong.
  const wrong = explanation.replace(/^(still )?unhealthy [^:]*: /, '').replace(/^at the end /, '');
  return [...new Set(wrong.split('; ').map(withoutNames))];
}

export function sameCause(a: Failure, b: Failure): boolean {
  if (a.invariant !== b.invariant) return false;
  const causes = causesOf(a);
  return causesOf(b).some((cause) => causes.includes(cause));
}

/** One of them, to tell failures apart by. */
export function causeOf(failure: Failure): string {
  return [...causesOf(failure)].sort()[0];
}

function withoutNames(words: string): string {
  return words
    .replaceAll(/\([^()]*\)/g, '')
    .replaceAll(/\b[0-9a-f]{16,}\b/g, '#')
    .replaceAll(/\b(manager|host|zone|rack)-\d+/g, '$1')
    // Other names that end in a number are those of resources.
    .replaceAll(/\b[A-Za-z][\w-]*-\d+/g, 'resource')
    .replaceAll(/\d[\d.,]*/g, '#')
    // However many they are.
    .replaceAll(/# ((?:[a-z]+ )?[a-z]+?)s\b/g, '# $1')
    .replaceAll(/\b(\S+)(?:,? (?:and )?\1\b)+/g, '$1')
    .replaceAll(/ {2,}/g, ' ')
    .trim();
}
