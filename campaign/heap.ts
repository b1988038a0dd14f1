/** How the engine's garbage collector is to be used. */
import { setFlagsFromString } from 'node:v8';

/**
 * Objects of this process begin their life in the young generation, all of them. V8 guesses by what
 * has survived where a statement's objects belong; but what is made while a simulated system starts
 * lives on in long queues, heartbeats too, and all heartbeats thereafter would be taken for old.
 */
export function keepAllYoung(): void {
  setFlagsFromString('--no-allocation-site-pretenuring');
}

/**
 * The heap grows by no more than some tens of megabytes beyond what is in use before it is cleaned:
 * whoever only keeps the books of many runs leaves the memory to those who make them.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--heap-growing-percent=60');
}
