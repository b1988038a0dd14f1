/** The sweep `failure-rate` that comes along, with fewer of its cells: all take minutes. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument, YAMLSeq } from 'yaml';

const shipped = 'scenarios/sweeps/failure-rate.yaml';
const axis = ['vary', 'faults[0].random.lifetime.exponential'];

export interface Shortened {
  /** How many of the rates, from the highest; each costs more than the one before. */
  readonly rates: number;
  readonly replications: number;
}

/** Writes it into the directory; the file's name there. */
export function writeFailureRate(directory: string, { rates, replications }: Shortened): string {
  const document = parseDocument(readFileSync(shipped, 'utf8'));
  const values = document.getIn(axis);
  if (!(values instanceof YAMLSeq)) throw new Error(`${shipped}: no list at ${axis.join('.')}`);
  values.items = values.items.slice(-rates);
  document.set('replications', replications);
  writeFileSync(join(directory, 'failure-rate.yaml'), document.toString());
  return 'failure-rate.yaml';
}
