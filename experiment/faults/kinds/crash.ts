import { SettingError } from '../../language/error.js';
import {
  targets as targetsField, type FaultTarget, type GivenTarget,
} from '../../language/targets.js';
import type { NodeFault, Reader } from './kind.js';
import { checkStateful, readTargets, targetsSettings } from './node-targets.js';

export interface Crash {
  readonly kind: 'crash';
  readonly targets: readonly FaultTarget[];
  /**
   * Of hosts only: each goes down inside a call that its process makes to its environment, after so
   * many more of them; what came before happened, what comes after does not.
   */
  readonly afterCalls?: number;
  /** Their hosts lose their stores as well, and return under new node ids. */
  readonly loseState?: true;
}

export const crash: NodeFault<Crash, readonly GivenTarget[]> & { readonly name: 'crash' } = {
  name: 'crash',
  settings: targetsField,
  meaning: 'They stop, and forget all that is not stored.',
  heeds: ['afterCalls', 'loseState'],
  read(given, reader) {
    const targets = readTargets(given, reader);
    checkStateful(targets, reader);
    const { afterCalls, loseState } = reader.beside;
    if (afterCalls !== undefined) checkCallers(targets, reader);
    return {
      kind: 'crash', targets,
      ...(afterCalls === undefined ? {} : { afterCalls }),
      ...(loseState === undefined ? {} : { loseState }),
    };
  },
  settingsOf: ({ kind, targets, ...more }, places) => ({
    [kind]: targetsSettings({ targets }, places), ...more,
  }),
  hits: 'nodes',
  takes: 'life',
  takesItsTime: ({ afterCalls }) => afterCalls !== undefined,
  begin({ afterCalls }, hands) {
    if (afterCalls === undefined) hands.crash(hands.mends);
    else hands.goDown((address) => hands.controls.crashInside!(address, afterCalls));
  },
  recall: (hands) => hands.spare(),
  end: (_action, hands) => hands.repair(),
  words: { began: (whom) => `${whom} crashed`, ended: (whom) => `${whom} came back` },
  *weaker(action) {
    const { afterCalls = 0, loseState, ...keeping } = action;
    if (afterCalls > 0) yield { ...action, afterCalls: Math.floor(afterCalls / 2) };
    if (loseState === undefined) return;
    yield action.afterCalls === undefined ? keeping : { ...keeping, afterCalls };
  },
};

/** Only a process makes calls. */
function checkCallers(targets: readonly FaultTarget[], { path }: Reader): void {
  if (!targets.some(({ kind }) => kind === 'resources')) return;
  const where = [...path.slice(0, -1), 'afterCalls'];
  throw new SettingError(where, 'resources make no calls', 'crash managers or hosts');
}
