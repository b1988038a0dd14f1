import { readDurationUs } from '../experiment/language/units.js';
import { InputError } from './exit.js';
import { last } from './options.js';

/** An option `--name` that takes a duration, `30d`, and gives whole microseconds. */
export function durationOption(name: string, describe: string) {
  return {
    type: 'string',
    requiresArg: true,
    describe,
    coerce: (given: string | string[] | undefined): number | undefined => {
      if (given === undefined) return undefined;
      const reading = readDurationUs(last(given));
      if ('value' in reading) return reading.value;
      throw new InputError(`--${name}: ${reading.problem}, ${reading.remedy}`);
    },
  } as const;
}
