/** What explorations found, in core and around it, made small and mended: none comes back. */
import { readdirSync } from 'node:fs';
import t from 'tap';
import { tryOut } from '../../campaign/explore/trial.js';
import { loadScenario } from '../../checker/scenario.js';

for (const file of readdirSync('test/explore/found')) {
  t.test(file, async (t) => {
    t.equal((await tryOut(loadScenario(`test/explore/found/${file}`))).failure, null);
  });
}
