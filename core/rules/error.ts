/** Something is wrong in a rule file. */
export class RuleError extends Error {
  override readonly name = 'RuleError';
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  readonly problem: string;
  /** What would be right. */
  readonly remedy: string;

  constructor(
    place: { file: string; line: number; column: number; source: string },
    problem: string,
    remedy: string,
  ) {
    const { file, line, column, source } = place;
    const caret = `${' '.repeat(column - 1)}^`;
    super(`${file}:${line}:${column}: ${problem}, ${remedy}\n  ${source}\n  ${caret}`);
    this.file = file;
    this.line = line;
    this.column = column;
    this.problem = problem;
    this.remedy = remedy;
  }
}
