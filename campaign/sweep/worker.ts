/** A worker process of a sweep: takes runs from its parent, one after the other. */
import { serve } from '../executors/serve.js';
import { isOutside, makeRun } from './make-run.js';
import type { SweepTask } from './task.js';

serve<SweepTask, undefined>(makeRun, isOutside);
