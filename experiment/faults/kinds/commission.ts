import { SettingError } from '../../language/error.js';
import {
  targets as targetsField, type FaultTarget, type GivenTarget,
} from '../../language/targets.js';
import type { NodeFault, TimeComplaint } from './kind.js';
import { readTargets, targetsSettings } from './node-targets.js';

/** Resources, hosts and managers come to be there: before, they are not, unless they have gone. */
export interface Commission {
  readonly kind: 'commission';
  readonly targets: readonly FaultTarget[];
}

const isKnownAhead = ({ kind }: FaultTarget): boolean =>
  kind === 'named' || kind === 'zone' || kind === 'rack';

const stays: TimeComplaint = {
  key: 'entry', problem: 'what is commissioned is there to stay',
  remedy: 'have it go by a `decommission`, or by a `leave` of managers',
};
const once: TimeComplaint = {
  key: 'time', problem: 'what is to be commissioned is not there before', remedy: 'say `at`',
};

export const commission:
NodeFault<Commission, readonly GivenTarget[]> & { readonly name: 'commission' } = {
  name: 'commission',
  settings: targetsField,
  meaning: 'Resources, hosts or managers that are not there before are from then on.',
  read: (given, reader) => {
    const targets = readTargets(given, reader);
    if (!targets.every(isKnownAhead)) {
      const remedy = 'give names such as host-12, or a zone or rack';
      throw new SettingError(reader.path, 'nobody is there yet that could be drawn', remedy);
    }
    return { kind: 'commission', targets };
  },
  settingsOf: (action, places) => ({ [action.kind]: targetsSettings(action, places) }),
  wrongTime: ({ kind, repairs }) => repairs ? stays : kind === 'at' ? null : once,
  hits: 'nodes',
  takes: 'nothing',
  hitsTheDown: true,
  hitsAnyResource: true,
  presence: 'begins',
  begin: (_action, hands) => hands.controls.commission(hands.resources(), hands.hosts()),
  end: () => {},
  words: {
    began: (whom, several) => `${whom} ${several ? 'were' : 'was'} commissioned`,
    ended: (whom) => `${whom} had been commissioned`,
    begin: 'the commission',
  },
};
