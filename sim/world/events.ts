/** Events of the world itself. */
export const BOOT_HOST = 0;
export const RESOURCE_DUE = 1;
export const FAULT_DUE = 2;
export const CALL = 3;
export const EXIT = 4;
export const LEAVE_DUE = 5;
export const SERVED = 6;
/** What they are called where a person reads of them. */
export const worldEventNames = [
  'host starts', 'resource is due', 'fault is due', 'call from outside', 'process exits',
  'leave is over', 'message is served',
] as const;
