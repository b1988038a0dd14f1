/** What went wrong, told: a line where the user can help it, a document with `--json`. */
// From their own files: most commands need nothing else of those folders.
import { RunDirectoryError } from '../analysis/directory-error.js';
import { QueryError } from '../analysis/query/error.js';
import { PluginError } from '../experiment/plugins.js';
import { inWords } from '../experiment/refusal.js';
import { ScenarioError } from '../experiment/language/error.js';
import { LiveProcessError } from '../live/supervisor/errors.js';
import { exit, InputError, type ExitCode } from './exit.js';
import { ExecutorError } from '../campaign/errors.js';

export interface Complaint {
  readonly exitCode: ExitCode;
  readonly message: string;
  /** Of a defect. */
  readonly stack?: string;
  /** Where it is known. */
  readonly place?: { readonly file: string; readonly line: number; readonly column: number };
}

/** @param words - of the command line */
export function complaintOf(error: unknown, words: readonly string[]): Complaint {
  if (error instanceof ScenarioError) {
    const { message, file, line, column } = error;
    const place = line === 0 ? {} : { place: { file, line, column } };
    return { exitCode: exit.wrongInput, message, ...place };
  }
  const isInput = error instanceof InputError || error instanceof QueryError;
  if (isInput || error instanceof PluginError) {
    return { exitCode: exit.wrongInput, message: error.message };
  }
  if (error instanceof RunDirectoryError) {
    const exitCode = error.isInput ? exit.wrongInput : exit.environment;
    return { exitCode, message: error.message };
  }
  if (failedOutside(error)) {
    return { exitCode: exit.environment, message: `sim: ${inWords(error)}` };
  }
  const fromPlugins = words.some((word) => word.startsWith('--plugin'));
  const whose = fromPlugins ? 'of the program or of a plugin' : 'of the program, please report it';
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { exitCode: exit.defect, message: `sim: this is a defect ${whose}:`, stack };
}

/** On stderr. */
export function complain(complaint: Complaint, words: readonly string[]): void {
  const { exitCode, message, stack, place } = complaint;
  if (asksForJson(words)) {
    const error = { message, exitCode, ...place, ...(stack === undefined ? {} : { stack }) };
    console.error(JSON.stringify({ error }, null, 2));
  } else console.error(stack === undefined ? message : `${message}\n${stack}`);
}

/** As the last word on it says. */
function asksForJson(words: readonly string[]): boolean {
  const end = words.indexOf('--');
  const said = (end < 0 ? words : words.slice(0, end)).filter((word) =>
    /^--(no-)?json(=|$)/.test(word),
  );
  const [last] = said.slice(-1);
  return last !== undefined && !/^--no-json|=false$/.test(last);
}

/** The operating system refused something, or ended a process of ours. */
function failedOutside(error: unknown): error is Error {
  if (error instanceof LiveProcessError || error instanceof ExecutorError) return true;
  return error instanceof Error && 'code' in error && 'syscall' in error;
}
