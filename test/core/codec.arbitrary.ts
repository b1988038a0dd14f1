/** Arbitrary messages of every type, for properties of whatever carries them. */
import fc from 'fast-check';
import { type Message, type MessageType } from '../../core/messages.js';
import { anyText } from '../any-text.js';

/** Of ordinary objects: what decoding makes. */
const record = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> =>
  fc.record(model, { noNullPrototype: true });

const uint = fc.oneof(fc.nat(), fc.nat(200), fc.maxSafeNat());
const index = fc.oneof(fc.integer({ min: -1, max: 300 }), fc.nat());
const node = fc.stringMatching(/^[0-9a-f]{32}$/);
const text = anyText(12);
const state = fc.constantFrom('up', 'starting', 'stopped', 'down', 'stopping');
const verb = fc.constantFrom('restart', 'start', 'stop');
const outcome = fc.constantFrom('succeeded', 'failed', 'refused', 'unknown');
const refusal = fc.option(fc.constantFrom('busy', 'moved-on', 'no-sense', 'not-obeyed'));
const metrics = fc.option(fc.array(fc.double(), { maxLength: 4 }));
const ballot = record({ counter: uint, node, incarnation: uint, address: index });
const ballotOrNone = fc.option(ballot);
const token = record({ ballot, sequence: uint });
const descriptor = record({
  name: text,
  kind: text,
  host: text,
  zone: text,
  labels: fc.dictionary(text, text, { maxKeys: 3, noNullPrototype: true }),
});
const list = <T>(entry: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(entry, { maxLength: 4 });
const listing = record({ resource: uint, token, handle: index });
const pointer = record({
  resource: uint,
  offered: token,
  token: fc.option(token),
  manager: index,
});
const partEntry = {
  resource: uint,
  token,
  removed: fc.boolean(),
  agent: index,
  descriptor: fc.option(descriptor),
  state,
  incarnation: uint,
  metrics,
};
const part = record({
  incarnation: uint,
  from: uint,
  to: uint,
  entries: list(record(partEntry)),
});
const electionRequest = { requester: index, suspected: ballotOrNone };
const probe = { sequence: uint, node, ballot: ballotOrNone };
const peer = record({ address: index, node });
const announce = record({ type: fc.constant('coordinator-announce'), ballot });
const leafSets = { ...probe, leaves: list(peer), lost: list(index) };

type Fields<T> = { readonly [K in Exclude<keyof T, 'type' | 'refusal'>]: fc.Arbitrary<T[K]> };

const fields: { readonly [T in MessageType]: Fields<Extract<Message, { type: T }>> } = {
  'resource-heartbeat': {
    resource: uint,
    tokenBallot: ballot,
    tokenSequence: uint,
    handle: index,
    sequence: uint,
    state,
    incarnation: uint,
    metrics,
  },
  'resource-heartbeat-answer': {
    resource: uint,
    sequence: uint,
    ballot: ballotOrNone,
    alternate: index,
  },
  'resource-unknown': { resource: uint, token, ballot: ballotOrNone },
  'resource-register': {
    agent: index,
    hops: uint,
    ballot: ballotOrNone,
    entries: list(
      record({
        resource: uint,
        descriptor,
        state,
        incarnation: uint,
        lost: fc.option(token),
        silent: index,
      }),
    ),
  },
  'resource-assign': {
    ballot,
    entries: list(
      record({ resource: uint, agent: index, token, descriptor, state, incarnation: uint }),
    ),
  },
  'resource-assigned': { ballot: ballotOrNone, entries: list(listing), alternates: list(index) },
  'resource-accepted': { entries: list(pointer) },
  'resource-release': { ballot, entries: list(record({ resource: uint, token })) },
  'agent-probe': { entries: list(listing), ballot: ballotOrNone },
  'agent-probe-answer': { entries: list(pointer) },
  'manager-heartbeat': { sequence: uint, ballot, version: uint, unanswered: uint, part },
  'manager-heartbeat-answer': { sequence: uint, ballot, incarnation: uint, version: uint },
  'model-snapshot': { ballot, part },
  'model-handover': { ballot, entries: list(record({ ...partEntry, manager: index })) },
  'coordinator-status': {
    ballot: ballotOrNone, coordinating: fc.boolean(), asked: fc.boolean(),
  },
  'coordinator-missed': { ballot },
  'coordinator-sighted': { ballot: ballotOrNone, sighted: fc.boolean() },
  'coordinator-probe': { ballot: ballotOrNone },
  'election-request': electionRequest,
  'coordinator-announce': { ballot },
  'overlay-probe': probe,
  'overlay-probe-answer': { ...probe, nearest: fc.option(peer) },
  'overlay-route': {
    key: node,
    hop: uint,
    hops: uint,
    source: index,
    payload: record({ type: fc.constant('election-request'), ...electionRequest }),
  },
  'overlay-ack': { hop: uint, node },
  'overlay-broadcast': {
    source: index,
    payload: announce,
  },
  'action-request': { action: uint, resource: uint, verb, incarnation: uint, authority: token },
  'action-outcome': { action: uint, resource: uint, verb, outcome, incarnation: uint, state },
  'resource-hand-over': { ballot, entries: list(record({ resource: uint, token, to: index })) },
  'manager-leave': { incarnation: uint, done: fc.boolean() },
  'coordinator-yield': { ballot: ballotOrNone, gone: list(index) },
  'overlay-spread': { hop: uint, source: index, broadcast: uint, until: node, payload: announce },
  'overlay-heartbeat': { node, ballot: ballotOrNone },
  'overlay-leaves': leafSets,
  'overlay-leaves-answer': leafSets,
  'overlay-find': { ...probe, row: fc.boolean() },
  'overlay-found': { ...probe, active: fc.boolean(), entries: list(peer) },
  'overlay-leave': { node, leaves: list(peer) },
};

export function arbitraryMessage(type: MessageType): fc.Arbitrary<Message> {
  const model: Record<string, fc.Arbitrary<unknown>> = {
    type: fc.constant(type),
    ...fields[type],
  };
  const plain = record(model) as fc.Arbitrary<unknown> as fc.Arbitrary<Message>;
  if (type !== 'action-outcome') return plain;
  return fc.tuple(plain, refusal).map(([message, why]) =>
    message.type === 'action-outcome' && message.outcome === 'refused' && why !== null
      ? { ...message, refusal: why } : message);
}
