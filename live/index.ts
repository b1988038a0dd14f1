/** The live world: the same core on the processes, sockets and clock of this machine. */
export { LiveProcessError } from './errors.js';
export { LiveUnavailableError } from './limits.js';
export { runLive } from './run.js';
