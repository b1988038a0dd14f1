/** Regular expressions of rules: RE2's, whose time grows with the text and not beyond. */
import { RE2JS } from 're2js';

/** Patterns that come from labels may be many: then the old ones are made anew. */
const MOST_KEPT = 256;
/** A longer one says something else than a person would. */
const LONGEST = 1000;

/** Compiles each pattern once. What it keeps changes no result. */
export class Patterns {
  readonly #kept = new Map<string, RE2JS>();

  /** Whether the pattern occurs in the text. @throws Error where it is no pattern */
  occursIn(text: string, pattern: string): boolean {
    let compiled = this.#kept.get(pattern);
    if (compiled === undefined) {
      compiled = compile(pattern);
      if (this.#kept.size >= MOST_KEPT) this.#kept.clear();
      this.#kept.set(pattern, compiled);
    }
    return compiled.matcher(text).find();
  }
}

/** Why it is no pattern; null: it is one. */
export function faultOf(pattern: string): string | null {
  try {
    compile(pattern);
    return null;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return reason.replace(/^error parsing regexp: /, '');
  }
}

function compile(pattern: string): RE2JS {
  if (pattern.length > LONGEST) throw new Error(`longer than ${LONGEST} characters`);
  return RE2JS.compile(pattern);
}
