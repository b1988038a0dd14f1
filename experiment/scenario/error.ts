/** What is wrong in a scenario, found at a path inside it (keys and list indices). */
export interface Complaint {
  readonly problem: string;
  /** What would be right. */
  readonly remedy: string;
}

export type ScenarioPath = readonly (string | number)[];

/** Thrown by the checks on a parsed scenario; the loader adds where in the text the path stands. */
export class Misfit extends Error {
  readonly path: ScenarioPath;
  readonly problem: string;
  readonly remedy: string;

  constructor(path: ScenarioPath, problem: string, remedy: string) {
    super(`${path.join('.')}: ${problem}, ${remedy}`);
    this.name = 'Misfit';
    this.path = path;
    this.problem = problem;
    this.remedy = remedy;
  }
}

/** Counted from 1; line and column 0 say that `file` is no file but an option. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A scenario cannot be used. `message` is complete: place, what is wrong, what would be right. */
export class ScenarioError extends Error {
  /** The scenario or rule file; `--set path` or `--seed` where the value came from there. */
  readonly file: string;
  /** Counted from 1; both are 0 for `--set` and `--seed`. */
  readonly line: number;
  readonly column: number;
  readonly problem: string;
  readonly remedy: string;

  constructor(
    place: Place,
    { problem, remedy }: Complaint,
    /** Lines to show below, such as the one in question with a caret. */
    excerpt = '',
  ) {
    const position = place.line === 0 ? '' : `:${place.line}:${place.column}`;
    super(`${place.file}${position}: ${problem}, ${remedy}${excerpt}`);
    this.name = 'ScenarioError';
    this.file = place.file;
    this.line = place.line;
    this.column = place.column;
    this.problem = problem;
    this.remedy = remedy;
  }
}

/** The one of `known` that a person most likely meant; undefined if none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

/** "did you mean X?", or all there is to choose from. */
export function suggestion(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  if (near !== undefined) return `did you mean ${near}?`;
  return known.length === 0 ? 'remove it' : `known here: ${known.join(', ')}`;
}

/** Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(
        last[column] + 1,
        current[column - 1] + 1,
        last[column - 1] + (same ? 0 : 1),
      );
      const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (row > 1 && column > 1 && swapped) cost = Math.min(cost, before[column - 2] + 1);
      current.push(cost);
    }
    [before, last] = [last, current];
  }
  return last[b.length];
}
