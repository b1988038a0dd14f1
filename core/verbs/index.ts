/** What an actuator can be told to do: a file each. */
import type { ResourceState } from '../metamodel/entity.js';
import { word } from '../wire/record.js';
import { restart } from './restart.js';
import { start } from './start.js';
import { stop } from './stop.js';
import type { VerbKind } from './verb.js';

/** In the order in which the wire numbers them: a new one comes last. */
export const verbKinds = [restart, start, stop] as const;

export type Verb = (typeof verbKinds)[number]['name'];

export const verbs: readonly Verb[] = verbKinds.map(({ name }) => name);

/** What an actuator is asked for: a verb, and of some whether its issuer sees the target up. */
export type Request = Verb | `${Verb}-up`;

export const request = word([...verbs, ...verbKinds.flatMap(
  (kind): Request[] => 'asSeen' in kind ? [`${kind.name}-up`] : [],
)]);

export function requestOf(wanted: Verb, isUp: boolean): Request {
  return isUp && effects[wanted].asSeen === true ? `${wanted}-up` : wanted;
}

export function verbOf(asked: Request): Verb {
  return verbs.find((one) => asked.startsWith(one))!;
}

/** Whether what is asked for makes sense in that state. */
export function makesSense(asked: Request, state: ResourceState): boolean {
  const { from, asSeen } = effects[verbOf(asked)];
  const isSeenUp = asked.endsWith('-up');
  return from.includes(state) && (asSeen !== true || isSeenUp === (state === 'up'));
}

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

/** Whether a resource in that state may be so because of that. */
export function showsAs(verb: Verb, state: ResourceState): boolean {
  const { meanwhile, after } = effects[verb];
  return state === meanwhile || state === after;
}
