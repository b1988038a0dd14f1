/** What an actuator can be told to do: a file each. */
import { word } from '../wire/record.js';
import { restart } from './restart.js';
import { start } from './start.js';
import { stop } from './stop.js';
import type { VerbKind } from './verb.js';

/** In the order in which the wire numbers them: a new one comes last. */
export const verbKinds = [restart, start, stop] as const;

export type Verb = (typeof verbKinds)[number]['name'];

export const verbs: readonly Verb[] = verbKinds.map(({ name }) => name);

/** In a message. */
export const verb = word(verbs);

/** By name, what each does. */
export const effects = Object.fromEntries(verbKinds.map((kind) => [kind.name, kind])) as
  Readonly<Record<Verb, VerbKind>>;

/** Whether it begins a new incarnation, and so should be carried out once in each. */
export function beginsLife(verb: Verb): boolean {
  return effects[verb].meanwhile === 'starting';
}

/** Whether it brings up what was off on purpose. */
export function addsToUp(verb: Verb): boolean {
  const { from, after } = effects[verb];
  return from.includes('stopped') && after === 'up';
}

/** Whether one leads back to where the other came from. */
export function undoes(one: Verb, other: Verb): boolean {
  return effects[one].after !== effects[other].after;
}
