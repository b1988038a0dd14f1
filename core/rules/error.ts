/** Where in a rule file something stands. */
export interface Place {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  /** The whole line, to be shown. */
  readonly source: string;
}

/** Characters of a line. */
const SHOWN = 160;

/** The problem at its place, with the line and a caret beneath. */
export function explained(place: Place, problem: string, remedy: string): string {
  const { file, line, column, source } = place;
  // Of a long line, what is around the place.
  const from = source.length > SHOWN ? Math.max(0, column - 1 - SHOWN / 2) : 0;
  const shown = source.slice(from, from + SHOWN);
  // Tabs stay tabs, so that the caret stands right whatever their width.
  const indent = source.slice(from, column - 1).replace(/[^\t]/g, ' ');
  return `${file}:${line}:${column}: ${problem}, ${remedy}\n  ${shown}\n  ${indent}^`;
}

/** A rule file cannot be used. `message` is complete, with the line and a caret beneath. */
export class RuleError extends Error {
  override readonly name = 'RuleError';
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly problem: string;
  /** What would be right. */
  readonly remedy: string;

  constructor(place: Place, problem: string, remedy: string) {
    super(explained(place, problem, remedy));
    this.file = place.file;
    this.line = place.line;
    this.column = place.column;
    this.problem = problem;
    this.remedy = remedy;
  }
}

/** Reports a problem at a character of an expression. */
export type FailAt = (index: number, problem: string, remedy: string) => never;
