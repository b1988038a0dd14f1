/** The kinds of faults that there are. */
import type { Configured } from '../../../core/configured.js';
import type { FaultImplementation } from '../plugin-fault.js';
import { clock } from './clock.js';
import { commission } from './commission.js';
import { crash } from './crash.js';
import { decommission } from './decommission.js';
import { heal } from './heal.js';
import { impairmentFaults } from './impairments.js';
import type { FaultKind } from './kind.js';
import { leave } from './leave.js';
import { partition } from './partition.js';
import { pause } from './pause.js';
import { restart } from './restart.js';
import { rolling } from './rolling.js';
import { slow } from './slow.js';

export type { FaultKind, LinkFault } from './kind.js';

export const faultKinds = [
  crash, restart, rolling, pause, leave, commission, decommission, clock, slow, partition,
  ...impairmentFaults, heal,
] as const;

/** What a fault of one of the kinds does. */
export type BuiltInAction = ReturnType<(typeof faultKinds)[number]['read']>;
/** What one entry of `faults` asks for. */
export type FaultAction =
  BuiltInAction | ({ readonly kind: 'from-plugin' } & Configured<FaultImplementation>);
export type AnyFault = FaultKind<BuiltInAction, unknown>;

const byName: ReadonlyMap<string, AnyFault> = new Map(
  (faultKinds as readonly AnyFault[]).map((kind) => [kind.name, kind]),
);

export function kindOf(action: BuiltInAction): AnyFault {
  return byName.get(action.kind)!;
}

/** Undefined: none that comes along is called so. */
export function kindNamed(name: string): AnyFault | undefined {
  return byName.get(name);
}
