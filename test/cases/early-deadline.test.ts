/** A deadline that is rounded comes a microsecond before its time, and is set again. */
import t from 'tap';
import { tryOut } from '../../cli/explore/trial.js';
import { loadScenario } from '../../experiment/scenario/index.js';
import { holds } from './holds.js';

holds('early-deadline', 5);

for (const name of ['early-deadline', 'needless-move', 'clocks-back']) {
  void t.test(`${name} where all timers are up to a millisecond early or late`, async (t) => {
    for (const seed of [1, 2, 3]) {
      const set = ['system.clocks.timers=1ms'];
      const { failure } = await tryOut(loadScenario(`test/cases/${name}.yaml`, { seed, set }));
      t.equal(failure, null, `seed ${seed}`);
    }
  });
}
