/** `coordination`: how it is managed. What a scenario names comes with settings of its own. */
import { z } from 'zod';
import { assignmentNames } from '../../core/coordination/assignment/index.js';
import {
  coordinationFields as ownFields, type CoreConfig, type CoreFromPlugins,
} from '../../core/coordination/config.js';
import { detectors } from '../../core/detection/index.js';
import { elections } from '../../core/election/index.js';
import { overlays } from '../../core/overlay/index.js';
import type { Configured } from '../../core/configured.js';
import { choice, group, type Fields } from '../../core/settings.js';
import { burstServiceUs } from '../burst.js';
import { reckonedDelayUs } from '../latency.js';
import { longest } from '../random/distributions.js';
import type { BrakesAndSilences } from './brakes.js';
import type { NetworkSettings } from '../settings/network.js';
import {
  aside, follows, open, readField, schemaOf, settingsOf, type Entry,
} from '../language/section.js';
import type { KindSettings, SystemSettings } from '../settings/system.js';

const SLOW_ACTION = 0.999;

function slowestActionUs(kinds: readonly KindSettings[]): number {
  const durations = kinds.flatMap(({ actions }) =>
    Object.values(actions).map(({ duration }) => longest(duration, SLOW_ACTION)),
  );
  return Math.max(0, ...durations) * 1e6;
}

/**
 * One of those that come along, the first by default: its name alone, or with its settings. In its
 * place a plugin's may stand.
 */
function oneOf<Value extends { readonly name: string }>(
  meaning: string, known: Readonly<Record<string, { readonly fields?: Fields }>>,
  fromPlugins: keyof CoreFromPlugins,
): Entry<Value, false, object, { readonly name?: string }> {
  const names = Object.keys(known) as [string, ...string[]];
  const [first] = names;
  const has = (name: string): boolean => Object.keys(known[name].fields ?? {}).length > 0;
  // Settings without a name are the first one's, unless only others have any.
  const isMeant = has(first) || !names.some(has);
  const fieldsOf = (name: string): Fields => ({
    name: choice([name], name === first && isMeant ? { derive: () => name } : {}),
    ...known[name].fields,
  });
  const [one, ...others] = names.map((name) => schemaOf(fieldsOf(name)));
  const settings = z.discriminatedUnion('name', [one, ...others]);
  const type = z.union([
    z.enum(names).transform((name) => settings.parse({ name })), settings,
  ]);
  return readField(type as unknown as z.ZodType<{ readonly name?: string }>, {
    usual: first,
    meaning,
    read: (given, around: object, path) =>
      open(fieldsOf(given.name ?? first), given, around, path) as Value,
    write: (value, whole) => {
      const guest: Configured<unknown> | undefined = whole.coordination.fromPlugins?.[fromPlugins];
      if (guest !== undefined) return { name: guest.name, ...guest.given };
      return settingsOf(fieldsOf(value.name), value, whole);
    },
  });
}

const assignments = Object.fromEntries(assignmentNames.map((name) => [name, {}]));

export interface Surroundings {
  readonly system: SystemSettings;
  readonly network: NetworkSettings;
  readonly guests: { readonly core: CoreFromPlugins };
  readonly heldBack: BrakesAndSilences;
}

export const coordinationFields = {
  overlay: oneOf<CoreConfig['overlay']>('How managers find each other.', overlays, 'overlay'),
  election: oneOf<CoreConfig['election']>('Who is coordinator.', elections, 'election'),
  detection: oneOf<CoreConfig['detection']>('Who is alive.', detectors, 'detection'),
  assignment: oneOf<CoreConfig['assignment']>(
    'Which manager gets a resource.', assignments, 'assignment',
  ),
  ...ownFields,
  actions: group(ownFields.actions.meaning!, {
    ...ownFields.actions.fields,
    brakes: follows(({ heldBack }: Surroundings) => heldBack.brakes),
    silences: follows(({ heldBack }: Surroundings) => heldBack.silences),
  }),
  fromPlugins: follows(({ guests: { core } }: Surroundings) =>
    Object.keys(core).length > 0 ? core : undefined),
  roundTripUs: aside(({ system, network }: Surroundings) =>
    2 * (burstServiceUs(system) + reckonedDelayUs(network))),
  slowestActionUs: aside(({ system }: Surroundings) => slowestActionUs(system.kinds)),
  longestSilenceUs: aside(({ detection }: { readonly detection: CoreConfig['detection'] }) =>
    'maxTimeoutUs' in detection ? detection.maxTimeoutUs ?? undefined : undefined),
};
