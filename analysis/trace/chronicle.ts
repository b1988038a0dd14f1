/** What a trace shows, in words, without what goes on all the time. */
import type { Ballot } from '../../core/identity.js';
import type { Observation } from '../../core/observations.js';
import * as words from '../words.js';
import { isMessage, type Trace, type TraceEntry } from './read.js';

export interface Told {
  readonly timeUs: number;
  /** -1: of no process. */
  readonly process: number;
  readonly text: string;
  /** Of what sort it is: a fault, what the plane does about it, or what becomes of resources. */
  readonly sort: 'fault' | 'plane' | 'resource';
}

type Sentence = readonly [sort: Told['sort'], text: string];

/** The observations of a trace that are worth a word; whoever is first takes up a ballot, say. */
export function chronicle(trace: Trace): Told[] {
  const kinds = new Map<number, string>();
  return trace.entries.flatMap((entry) => {
    const { timeUs, process, what } = entry;
    if (isMessage(what)) return [];
    if (what.type === 'fault-began') kinds.set(what.fault, `${what.kind} (${what.target})`);
    const sentence = sentenceOf(what, entry, trace, kinds);
    return sentence === null ? [] : [{ timeUs, process, sort: sentence[0], text: sentence[1] }];
  });
}

function sentenceOf(
  what: Observation, { process }: TraceEntry, trace: Trace, kinds: ReadonlyMap<number, string>,
): Sentence | null {
  const name = trace.nameOf(process);
  switch (what.type) {
    case 'fault-began':
      return ['fault', what.target === '' ? `fault: ${what.kind}`
        : `fault: ${what.kind} (${what.target})`];
    case 'fault-ended':
      return ['fault', `end of the fault: ${kinds.get(what.fault) ?? what.fault}`];
    case 'process-up':
      return ['plane', `${name} starts${what.incarnation === 1 ? '' : ' again'}`];
    case 'process-down':
      return ['plane', `${name} is down`];
    case 'process-leaving':
      return ['plane', `${name} is told to leave`];
    case 'process-paused':
      return ['plane', `${name} stands still`];
    case 'process-resumed':
      return ['plane', `${name} goes on`];
    case 'reachability':
      return ['plane', `zones that reach each other: ${groupsInWords(what.groups)}`];
    default:
      return managementSentence(what, name, trace) ?? resourceSentence(what, name, trace);
  }
}

function managementSentence(what: Observation, name: string, trace: Trace): Sentence | null {
  const ballot = ({ counter, address }: Ballot): string =>
    `ballot ${counter} of ${trace.nameOf(address)}`;
  switch (what.type) {
    case 'coordinator-suspected':
      return ['plane', `${name} takes the coordinator of ${ballot(what.ballot)} for dead`];
    case 'election-started':
      return ['plane', `${name} is asked to coordinate`];
    case 'coordinator-elected':
      return ['plane', `${name} coordinates, with ${ballot(what.ballot)}`];
    case 'coordinator-resigned':
      return ['plane', `${name} steps down before ${ballot(what.successor)}`];
    case 'manager-suspected':
      return ['plane', `${name} takes ${trace.nameOf(what.manager)} for dead`];
    case 'manager-trusted':
      return ['plane', `${name} hears of ${trace.nameOf(what.manager)} again`];
    case 'model-rebuilt':
      return ['plane', `${name} has the model of ${words.some(what.managers, 'manager')}`];
    case 'rules-enforced':
      return ['plane', `${name} enforces global rules${what.groups === 'all' ? '' :
        ' on groups of which it knows all'}`];
    case 'rule-gave-up':
      return ['plane', `${name}: ${what.rule} gives up on ${what.target}`];
    case 'rule-resumed':
      return ['plane', `${name}: ${what.rule} acts on ${what.target} again`];
    case 'rules-fight':
      return ['plane', `${name}: ${what.rules.join(' and ')} undo each other on ${what.target}`];
    case 'mark':
      return ['plane', `${name}: ${what.name}`];
    default:
      return null;
  }
}

function resourceSentence(what: Observation, name: string, trace: Trace): Sentence | null {
  if (!('resource' in what)) return null;
  const resource = trace.resourceOf(what.resource);
  switch (what.type) {
    case 'resource-state':
      return ['resource', `${resource} is ${what.state} (incarnation ${what.incarnation})`];
    case 'resource-suspected':
      return ['resource', `${name} misses ${resource}`];
    case 'pointer-set':
      return ['resource', `${resource} obeys ${trace.nameOf(what.manager)}`];
    case 'pointer-lost':
      return ['resource', `${resource} gives its manager up (${what.why})`];
    case 'action-started':
      return ['resource', `${name} wants to ${what.verb} ${resource}`];
    case 'action-ended':
      return ['resource', `${name} learns of its action on ${resource}: ${what.outcome}`];
    case 'action-held':
      return ['resource', `${name} holds ${what.rule} back on ${what.target} (${what.cause})`];
    case 'actuated':
      return ['resource', `${name}: ${what.verb} of ${resource}, incarnation ${what.incarnation}`];
    case 'resource-moved':
      return ['resource', `${resource} moves to ${trace.nameOf(what.to)}`];
    default:
      return null;
  }
}

function groupsInWords(groups: readonly number[]): string {
  const members = new Map<number, number[]>();
  for (const [zone, group] of groups.entries()) {
    members.set(group, [...(members.get(group) ?? []), zone + 1]);
  }
  const told = [...members.values()].map((zones) => zones.join(' '));
  return told.length < 2 ? 'all' : told.join(' | ');
}
