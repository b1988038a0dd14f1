import {
  targets as targetsField, type FaultTarget, type GivenTarget,
} from '../../language/targets.js';
import type { NodeFault } from './kind.js';
import { readTargets, targetsSettings } from './node-targets.js';

export interface Pause {
  readonly kind: 'pause';
  readonly targets: readonly FaultTarget[];
}

export const pause: NodeFault<Pause, readonly GivenTarget[]> & { readonly name: 'pause' } = {
  name: 'pause',
  settings: targetsField,
  meaning: 'They stand still, and later go on as if nothing happened.',
  read: (given, reader) => ({ kind: 'pause', targets: readTargets(given, reader) }),
  settingsOf: (action, places) => ({ [action.kind]: targetsSettings(action, places) }),
  hits: 'hosts',
  unfit: { problem: 'resources cannot pause', remedy: 'pause their hosts, or crash them' },
  takes: 'time',
  passesOver: ({ isPaused }) => isPaused,
  begin: (_action, hands) => hands.pause(),
  end: (_action, hands) => hands.resume(),
  words: {
    began: (whom, several) => `${whom} ${several ? 'were' : 'was'} paused`,
    ended: (whom) => `${whom} went on`,
  },
};
