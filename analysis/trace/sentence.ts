import type { Observation } from '../../core/observations.js';

/** An observation as one line: its type and fields. */
export function sentenceIn(observation: Observation): string {
  const { type, ...fields } = observation;
  const told = Object.entries(fields).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  return [type, ...told].join(' ');
}
