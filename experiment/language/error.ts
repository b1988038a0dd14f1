export { suggestion } from '../../core/suggestion.js';

/** What is wrong in a scenario, found at a path inside it (keys and list indices). */
export interface Complaint {
  readonly problem: string;
  /** What would be right. */
  readonly remedy: string;
}

export type ScenarioPath = readonly (string | number)[];

/** Thrown by the checks on a parsed scenario; the loader adds where in the text the path stands. */
export class SettingError extends Error {
  readonly path: ScenarioPath;
  readonly problem: string;
  readonly remedy: string;

  constructor(path: ScenarioPath, problem: string, remedy: string) {
    super(`${path.join('.')}: ${problem}, ${remedy}`);
    this.name = 'SettingError';
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
