export { readOutline } from './load.js';
export { sweepJsonSchema } from './json-schema.js';
export * from './sweep.js';
