/** Every case with its own seed; with many seeds and both queues in `npm run soak -- cases`. */
import t from 'tap';
import { loadScenario } from '../../checker/scenario.js';
import { cases, deafPairs } from './assertions.js';

for (const { what, file, set, flaw } of [...cases, ...deafPairs.filter((_, k) => k % 5 === 0)]) {
  void t.test(what, async (t) => {
    t.equal(await flaw(loadScenario(file, { set })), null);
  });
}
