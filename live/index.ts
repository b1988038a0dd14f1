/** The live world: the same core on the processes, sockets and clock of this machine. */
export { LiveProcessError } from './supervisor/errors.js';
export { LiveUnavailableError } from './supervisor/limits.js';
export { runLive } from './supervisor/run.js';
