/** The impairments that there are. */
import { bandwidth } from './bandwidth.js';
import { burstyLoss } from './bursty-loss.js';
import { corruption } from './corruption.js';
import { delaySpikes } from './delay-spikes.js';
import { duplication } from './duplication.js';
import { jitter } from './jitter.js';
import type { ImpairmentKind as Kind } from './kind.js';
import { loss } from './loss.js';
import { reordering } from './reordering.js';

export const impairmentKinds = [
  loss, burstyLoss, duplication, corruption, jitter, delaySpikes, reordering, bandwidth,
] as const;

type BuiltIn = (typeof impairmentKinds)[number];

/** As it is in force: of one of the kinds. */
export type Impairment = ReturnType<BuiltIn['read']>;
export type ImpairmentName = BuiltIn['name'];
export type ImpairmentOf<Name extends ImpairmentName> = Extract<Impairment, { kind: Name }>;

/** An impairment in force. */
export interface Layer {
  readonly impairment: Impairment;
  /** By address, 1: it bears on what this host sends and receives; null: on all messages. */
  readonly hosts: Uint8Array | null;
}

type AnyKind = Kind<Impairment, unknown>;

const byName: ReadonlyMap<string, AnyKind> = new Map(
  (impairmentKinds as readonly AnyKind[]).map((kind) => [kind.name, kind]),
);

export function kindOf({ kind }: Impairment): AnyKind {
  return byName.get(kind)!;
}
