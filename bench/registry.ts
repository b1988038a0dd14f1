import type { Benchmark } from './benchmark.js';
import { run as churn } from './churn.js';
import { run as electionStorm } from './election-storm.js';
import { run as heartbeat } from './heartbeat.js';
import { run as memory } from './memory.js';
import { run as metricRules } from './metric-rules.js';
import { run as phold } from './phold.js';
import { run as sweep } from './sweep.js';

/** All benchmarks by name, in the order in which they are run. */
export const benchmarks: Readonly<Record<string, Benchmark>> = {
  phold: { summary: 'events per second of the event queue alone (PHOLD)', run: phold },
  heartbeat: { summary: 'messages per second of the whole system', run: heartbeat },
  sweep: { summary: 'speed-up of a sweep with two jobs', run: sweep },
  churn: { summary: 'messages per second while managers come and go', run: churn },
  'election-storm': {
    summary: 'what the death of the coordinator of many costs', run: electionStorm,
  },
  'metric-rules': { summary: 'what ten rules on metrics cost a run', run: metricRules },
  memory: { summary: 'bytes that a resource costs, part by part', run: memory },
};
