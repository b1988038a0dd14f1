import { verbKind } from './verb.js';

/** One that only seemed silent is not restarted: the agent knows better than the detector. */
export const restart = verbKind({
  name: 'restart', from: ['down'], meanwhile: 'starting', after: 'up', interrupts: true,
  usual: '2s', meaning: 'Stop, then start.',
});
