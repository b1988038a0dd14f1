import {
  targets as targetsField, type FaultTarget, type GivenTarget,
} from '../../language/targets.js';
import type { NodeFault } from './kind.js';
import { readTargets, targetsSettings } from './node-targets.js';

/** Managers are told to go. */
export interface Leave {
  readonly kind: 'leave';
  readonly targets: readonly FaultTarget[];
}

export const leave: NodeFault<Leave, readonly GivenTarget[]> & { readonly name: 'leave' } = {
  name: 'leave',
  settings: targetsField,
  meaning: 'Managers go, having handed over what they have.',
  read: (given, reader) => ({ kind: 'leave', targets: readTargets(given, reader) }),
  settingsOf: (action, places) => ({ [action.kind]: targetsSettings(action, places) }),
  hits: 'managers',
  unfit: { problem: 'only managers can leave', remedy: 'crash hosts and resources' },
  takes: 'life',
  passesOver: ({ isLeaving }) => isLeaving,
  takesItsTime: () => true,
  begin: (_action, hands) => hands.goDown((address) => hands.controls.leaveProcess(address)),
  end: (_action, hands) => hands.repair(),
  words: {
    began: (whom, several) => `${whom} ${several ? 'were' : 'was'} told to leave`,
    ended: (whom) => `${whom} came back`,
  },
};
