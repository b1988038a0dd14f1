import type { ResourceState } from '../../core/metamodel/entity.js';

/** Resource states as table bytes. */
export const UP = 0;
export const STARTING = 1;
export const STOPPED = 2;
export const DOWN = 3;
export const STOPPING = 4;
export const UNKNOWN = 5;
export const UNREACHABLE = 6;
/** In a model: the resource is not shown. */
export const ABSENT = 255;

const names: readonly ResourceState[] = [
  'up', 'starting', 'stopped', 'down', 'stopping', 'unknown', 'unreachable',
];

export function stateCode(state: ResourceState): number {
  switch (state) {
    case 'up':
      return UP;
    case 'starting':
      return STARTING;
    case 'stopped':
      return STOPPED;
    case 'down':
      return DOWN;
    case 'stopping':
      return STOPPING;
    case 'unknown':
      return UNKNOWN;
    case 'unreachable':
      return UNREACHABLE;
  }
}

export function stateName(code: number): ResourceState | 'absent' {
  return names[code] ?? 'absent';
}
