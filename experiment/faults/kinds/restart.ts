import {
  targets as targetsField, type FaultTarget, type GivenTarget,
} from '../../language/targets.js';
import type { FaultWords, NodeFault } from './kind.js';
import { checkStateful, readTargets, targetsSettings } from './node-targets.js';

/** Off and on again: what is down already comes up. */
export interface Restart {
  readonly kind: 'restart';
  readonly targets: readonly FaultTarget[];
  readonly loseState?: true;
}

export const restartWords: FaultWords = {
  began: (whom) => `${whom} went down for a restart`, ended: (whom) => `${whom} came back`,
};

export const restart: NodeFault<Restart, readonly GivenTarget[]> & { readonly name: 'restart' } = {
  name: 'restart',
  settings: targetsField,
  meaning: 'They stop and start again: at once, or `repairAfter` later. What is down starts.',
  heeds: ['loseState'],
  read(given, reader) {
    const targets = readTargets(given, reader);
    checkStateful(targets, reader);
    return {
      kind: 'restart', targets,
      ...(reader.beside.loseState === undefined ? {} : { loseState: true }),
    };
  },
  settingsOf: ({ kind, targets, ...more }, places) => ({
    [kind]: targetsSettings({ targets }, places), ...more,
  }),
  wrongTime: ({ kind }) => kind !== 'trace' ? null
    : { key: 'kind', problem: 'a trace says when nodes are back', remedy: 'use crash' },
  repairedAtOnce: true,
  hits: 'nodes',
  takes: 'life',
  hitsTheDown: true,
  begin: (_action, hands) => hands.crash(true),
  end: (_action, hands) => hands.repair(),
  words: restartWords,
  *weaker({ loseState, ...keeping }) {
    if (loseState !== undefined) yield keeping;
  },
};
