/** A run of a minute in a process of its own, to be killed. Tells its parent when it has begun. */
import { runLive } from '../../live/index.js';
import { hooks, smoke } from './fixture.js';

const { scenario, inventory } = smoke(
  'duration=60s', 'live.processes=4', 'faults=[{at: 200ms, pause: manager-1}]',
);
let told = false;
await runLive(scenario, inventory, hooks({
  progress: () => {
    if (!told) process.send?.('begun');
    told = true;
    return true;
  },
}));
