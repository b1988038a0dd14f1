/** What run it was. */
import { beside, count, number, told } from './fields.js';
import { measure } from './measure.js';

const LIVE = 'a live run';

const fields = {
  // Tables of runs have columns of their own for these.
  scenario: beside<string>(),
  seed: beside<number>(),
  digest: told('of observations, counts and final state: same run, same digest', LIVE),
  eventDigest: told('of every event', LIVE),
  simulatedSeconds: number('s', 'length of the run'),
  warmUpSeconds: number('s', 'of it left out of all but final'),
  events: count('events', 'that the simulator handled'),
};

export const run = measure(fields, ({ scenario }) => ({
  summary: ({ digest, eventDigest, endUs, events }) => ({
    scenario: scenario.name,
    seed: scenario.seed,
    digest,
    eventDigest,
    simulatedSeconds: endUs / 1e6,
    warmUpSeconds: scenario.warmUpUs / 1e6,
    events,
  }),
}));
