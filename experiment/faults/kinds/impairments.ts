/** Impairments of links as faults, for as long as they last. */
import type { ImpairmentKind } from '../../impairments/kind.js';
import { impairmentKinds, kindOf, type Impairment } from '../../impairments/index.js';
import { partySettings, readParties, type Party } from '../../language/targets.js';
import { partiesInWords, type LinkAim, type LinkContext } from '../link-aims.js';
import type { LinkFault } from './kind.js';

/**
 * Takes the place of the network's own impairment of that kind, so of network.loss; with `of`, for
 * messages from and to these hosts only.
 */
export type Impaired<Of> = Of & { readonly of?: readonly Party[] };

function impairing<Of extends Impairment, Given>(
  kind: ImpairmentKind<Of, Given>,
): LinkFault<Impaired<Of>, Given> {
  const { name, settings, meaning, began, ended, unpromised } = kind;
  return {
    name, settings, meaning,
    heeds: ['of', 'flapping'],
    read(given, { path, beside: { of }, system }) {
      const where = [...path.slice(0, -1), 'of'];
      return {
        ...kind.read(given), ...(of && { of: readParties(of, where, system) }),
      };
    },
    settingsOf: (action, places) => ({
      [name]: kind.settingsOf(action),
      ...(action.of && { of: action.of.map((party) => partySettings(party, places)) }),
    }),
    needs: ['links'],
    hits: 'links',
    ...(kind.isPlainLoss === true ? { lost: (action) => kind.harm(action).loss ?? 0 } : {}),
    parties: ({ of }) => of === undefined ? [] : [{ parties: of, path: ['of'] }],
    aim: (action, context) => aim(action, kind.strength(action), context),
    words: { began, ended: () => ended },
    unpromised: () => unpromised ?? null,
    weaker: (action) => kind.weaker?.(action) ?? [],
  };
}

/** Null: there is nobody whose links could be hit. */
function aim(
  { of, ...rest }: Impaired<Impairment>, words: string, { terrain, resolve }: LinkContext,
): LinkAim | null {
  const impairment = rest as Impairment;
  if (of === undefined) {
    const kind = kindOf(impairment);
    if (kind.isPlainLoss === true) {
      return { effect: { kind: 'loss', share: kind.harm(impairment).loss! }, target: words };
    }
    return { effect: { kind: 'layer', layer: { impairment, hosts: null } }, target: words };
  }
  const affected = resolve(of);
  if (affected.size === 0) return null;
  const hosts = new Uint8Array(terrain.managers + terrain.agents);
  for (const address of affected) hosts[address] = 1;
  const target = `${words} at ${partiesInWords(of, affected, terrain)}`;
  return { effect: { kind: 'layer', layer: { impairment, hosts } }, target };
}

/** The kinds of faults that the kinds of impairments make. */
type Faults<Kinds extends readonly unknown[]> = {
  readonly [Index in keyof Kinds]: Kinds[Index] extends
    ImpairmentKind<infer Of, infer Given> & { readonly name: infer Name }
    ? LinkFault<Impaired<Of>, Given> & { readonly name: Name } : never;
};

export const impairmentFaults = impairmentKinds.map((kind) => {
  return impairing(kind as ImpairmentKind<Impairment, unknown>);
}) as unknown as Faults<typeof impairmentKinds>;
