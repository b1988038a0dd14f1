/** The live world: the same core on the processes, sockets and clock of this machine. */
export { LiveUnavailableError } from './supervisor/limits.js';
export { runLive } from './supervisor/run.js';
