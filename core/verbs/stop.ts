import { verbKind } from './verb.js';

export const stop = verbKind({
  name: 'stop', from: ['up', 'starting'], meanwhile: 'stopped', after: 'stopped', usual: '1s',
});
