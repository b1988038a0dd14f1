import { verbKind } from './verb.js';

/** Of what is up it renews what leaks, or has been deployed. */
export const restart = verbKind({
  name: 'restart', from: ['down', 'up'], asSeen: true, meanwhile: 'starting', after: 'up',
  interrupts: true,
  usual: '2s', meaning: 'Stop, then start.',
});
