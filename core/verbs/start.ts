import { verbKind } from './verb.js';

export const start = verbKind({
  name: 'start', from: ['stopped', 'down'], meanwhile: 'starting', after: 'up', usual: '1s',
});
