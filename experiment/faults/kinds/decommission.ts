import { SettingError } from '../../language/error.js';
import {
  targets as targetsField, type FaultTarget, type GivenTarget,
} from '../../language/targets.js';
import type { NodeFault } from './kind.js';
import { readTargets, targetsSettings } from './node-targets.js';

/** Resources, or all of a host, are no longer to be managed: whoever runs the system says so. */
export interface Decommission {
  readonly kind: 'decommission';
  readonly targets: readonly FaultTarget[];
}

const managers = ['coordinator', 'successors', 'fullest', 'managers'];

function isManager(target: FaultTarget): boolean {
  if (target.kind === 'named') return /^manager-\d+$/.test(target.name);
  return managers.includes(target.kind) ||
    (target.kind === 'concerned' && target.who === 'manager');
}

export const decommission:
NodeFault<Decommission, readonly GivenTarget[]> & { readonly name: 'decommission' } = {
  name: 'decommission',
  settings: targetsField,
  meaning: 'Resources, or all of a host, are managed no longer; repairAfter: and then again, anew.',
  read: (given, reader) => {
    const targets = readTargets(given, reader);
    if (targets.some(isManager)) {
      const remedy = 'have managers leave, and decommission resources and hosts';
      throw new SettingError(reader.path, 'managers are not decommissioned', remedy);
    }
    return { kind: 'decommission', targets };
  },
  settingsOf: (action, places) => ({ [action.kind]: targetsSettings(action, places) }),
  hits: 'nodes',
  takes: 'nothing',
  hitsTheDown: true,
  hitsAnyResource: true,
  presence: 'ends',
  begin: (_action, hands) => hands.controls.decommission(hands.resources()),
  end: (_action, hands) => {
    if (hands.mends) hands.controls.commission(hands.resources(), []);
  },
  words: {
    began: (whom, several) => `${whom} ${several ? 'were' : 'was'} decommissioned`,
    ended: (whom) => `${whom} came back as new`,
    begin: 'the decommission',
  },
};
