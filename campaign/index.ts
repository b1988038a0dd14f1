/**
 * Many runs as a library (`howdah/campaign`): explorations, shrinking, verification, sweeps and
 * runs that are kept, with faults and invariants of one's own. See docs/campaigns.md. Nothing here
 * reads arguments or prints; workers are processes of their own, which load the same plugins.
 */
export { loadPlugins, type LoadedPlugins } from './plugins.js';
export {
  loadScenario, loadSweep, parseScenario, type LoadOptions, type SweepOptions,
} from '../checker/scenario.js';
export { toYaml, type ResolvedScenario } from '../experiment/scenario/index.js';
export type { Sweep } from '../experiment/sweep/index.js';

// -- one run, to a run directory

export { recordRun, type RecordedRun, type RunToRecord, type Watch } from './record-run.js';

// -- many seeds, for promises that they break

export {
  explore, type Exploration, type Explore, type Found, type Standing,
} from './explore/explore.js';
export type { Failure } from './explore/failure.js';
export { shrinkRun, type ShrunkRun } from './explore/shrink-run.js';
export { tryOut, type Tried } from './explore/trial.js';

// -- one run, many ways

export { verify, type Check, type Verified } from './verify/verify.js';

// -- all runs of a sweep

export { runSweep, type Done, type FinishedSweep, type SweepToRun } from './sweep/run-sweep.js';
export { ExecutorError, InputError } from './errors.js';
