/** A worker process of a sweep: takes runs from its parent, one after the other. */
import { ExecutorError } from '../errors.js';
import { serve } from '../executors/serve.js';
import { hashCode, withPlugins } from '../run-id.js';
import { isOutside, makeRun } from './make-run.js';
import type { SweepTask } from './task.js';

/** A worker may be started long after the sweep was. */
const code = hashCode();

serve<SweepTask, undefined>(async (task, report) => {
  if (withPlugins(code, task.plugins.hash) === task.code) return makeRun(task, report);
  const remedy = 'begin the sweep anew';
  throw new ExecutorError(`the program was built anew while the sweep was running, ${remedy}`);
}, (error): error is Error => error instanceof ExecutorError || isOutside(error));
