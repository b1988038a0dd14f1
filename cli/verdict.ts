import type { RunRecord } from '../analysis/index.js';
import { isBroken, isVoid } from '../analysis/verdict.js';
import { exit, type ExitCode } from './exit.js';
import { interruptedCode } from './interruption.js';

export function exitCodeOf(record: RunRecord): ExitCode {
  if (record.interrupted) return interruptedCode();
  if (isBroken(record)) return exit.broken;
  return isVoid(record) ? exit.void : exit.ok;
}
