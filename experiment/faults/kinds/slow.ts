import { z } from 'zod';
import { SettingError } from '../../language/error.js';
import { targets as targetsField, type FaultTarget } from '../../language/targets.js';
import type { Hands, NodeFault } from './kind.js';
import { readTargets, targetsSettings } from './node-targets.js';

/** Hosts take so many times as long for each message. */
export interface Slow {
  readonly kind: 'slow';
  readonly targets: readonly FaultTarget[];
  readonly factor: number;
}

const settings = z.strictObject({
  of: targetsField,
  factor: z.number().min(1).max(1e6).describe('How many times as long.'),
});

export const slow: NodeFault<Slow, z.output<typeof settings>> & { readonly name: 'slow' } = {
  name: 'slow',
  settings,
  meaning: 'Hosts take longer for each message; for a system with service times.',
  read({ of, factor }, reader) {
    const { managerUs, agentUs } = reader.system.service;
    if (managerUs === 0 && agentUs === 0) {
      const remedy = 'give system.service, for example { manager: 200us }';
      throw new SettingError(reader.path, 'messages take no time that could be longer', remedy);
    }
    return { kind: 'slow', targets: readTargets(of, reader, 'of'), factor };
  },
  settingsOf: (action, places) => ({
    slow: { of: targetsSettings(action, places), factor: action.factor },
  }),
  needs: ['service times'],
  hits: 'hosts',
  unfit: { problem: 'resources get no messages', remedy: 'name hosts' },
  targetsUnder: 'of',
  takes: 'nothing',
  hitsTheDown: true,
  begin: ({ factor }, hands) => hands.put(factor, slowed(hands)),
  end: (_action, hands) => hands.take(slowed(hands)),
  words: {
    began: (whom) => `${whom} became slow`, ended: (whom) => `${whom} became as fast as before`,
  },
  *weaker(action) {
    if (action.factor <= 2) return;
    yield { ...action, factor: Number((action.factor / 2).toPrecision(2)) };
  },
};

function slowed({ controls }: Hands) {
  return (host: number, factors: readonly number[]): void =>
    controls.slowHost!(host, factors.reduce((product, factor) => product * factor, 1));
}
