/** Whoever passes observations on tells a sink what it hears, and nothing else. */
import t from 'tap';
import { TimedSinks } from '../../campaign/explore/time-spent.js';
import type { ObservationSink } from '../../core/observations.js';
import { Fork } from '../../experiment/fork.js';
import { guarded } from '../../experiment/run-options.js';
import { TimeMerge } from '../../live/supervisor/merge.js';

type Observe = ObservationSink['observe'];

const passing: Readonly<Record<string, (sinks: ObservationSink[]) => Observe>> = {
  'of a simulation': (sinks) => (...one) => new Fork(sinks).observe(...one),
  'of an exploration': (sinks) => (...one) => new TimedSinks(sinks).observe(...one),
  'of a live run': (sinks) => {
    const merge = new TimeMerge(sinks);
    return (timeUs, ...one) => {
      merge.add(timeUs, ...one);
      merge.release(timeUs + 1);
    };
  },
  'to sinks of the user': (sinks) => {
    const fork = new Fork(sinks.map(guarded));
    return (...one) => fork.observe(...one);
  },
};

for (const [which, observing] of Object.entries(passing)) {
  t.test(which, async (t) => {
    const told: string[] = [];
    const observe = observing([
      { hears: ['process-up'], observe: (_timeUs, _process, { type }) => told.push(`ups ${type}`) },
      { observe: (_timeUs, _process, { type }) => told.push(`all ${type}`) },
    ]);
    observe(1, 0, { type: 'process-up', incarnation: 1 });
    observe(2, 0, { type: 'process-down' });
    t.same(told, ['ups process-up', 'all process-up', 'all process-down']);
  });
}
