/** `system`: what there is. */
import { z } from 'zod';
import { count, duration, group, type Settings } from '../../core/settings.js';
import { mostResources } from '../../core/plausible.js';
import { verbKinds, type Verb } from '../../core/verbs/index.js';
import type { Distribution } from '../random/distributions.js';
import { SettingError, suggestion, type ScenarioPath } from '../language/error.js';
import {
  count as countOf, distribution, drift, labels, seconds, share, word,
} from '../language/fields.js';
import { field, readField } from '../language/section.js';

const action = (usual: string) =>
  z
    .strictObject({
      duration: distribution().prefault(usual).describe('How long the action takes.'),
      failure: share().prefault(0).describe('How often it ends without effect.'),
    })
    .prefault({});

/** By verb: how long it takes its target, and how often it fails. */
const actions = Object.fromEntries(verbKinds.map(({ name, usual, meaning }) => {
  const told = meaning === undefined ? '' : `${meaning} `;
  return [name, action(usual).describe(`${told}Default: ${usual}, never fails.`)];
})) as Record<Verb, ReturnType<typeof action>>;

const metric = z.strictObject({
  mean: z.number().describe('Where the value returns to.'),
  deviation: z.number().min(0).default(0).describe('Standard deviation in the long run.'),
  minimum: z.number().default(0),
  maximum: z.number().default(1),
  resolution: z
    .number()
    .min(0)
    .optional()
    .describe(
      'How far it must move before the coordinator hears of it. ' +
        'Default: a tenth of the way from minimum to maximum.',
    ),
  reversion: seconds()
    .prefault('60s')
    .describe('Time after which a deviation has decayed to 1/e.'),
});

const kind = z.strictObject({
  startUp: distribution().prefault('2s').describe('From start to up.'),
  actions: z
    .strictObject(actions)
    .prefault({})
    .describe('What rules can have done to a resource of this kind.'),
  metrics: z
    .record(word(), metric)
    .default({})
    .describe('Values that sensors report: mean-reverting random walks.'),
});

/** How resources of a kind behave. Distributions are in seconds. */
export interface KindSettings {
  readonly name: string;
  /** From start to up, also at the start of the run and after a host's restart. */
  readonly startUp: Distribution;
  readonly actions: Readonly<
    Record<Verb, { readonly duration: Distribution; readonly failure: number }>
  >;
  readonly metrics: readonly MetricSettings[];
}

/** A mean-reverting random walk, sampled whenever a sensor reads it. */
export interface MetricSettings extends Readonly<Omit<z.output<typeof metric>, 'resolution'>> {
  readonly name: string;
  readonly resolution: number;
}

const resourceGroup = z.strictObject({
  kind: word().describe('One of `kinds`.'),
  count: countOf(1),
  perHost: countOf(1).default(1).describe('How many share one host.'),
  labels: labels()
    .default({})
    .describe('For rules to select by. The label `group` also names the resources.'),
  spares: countOf(0).default(0).describe('How many of them start out stopped.'),
});

/** Resources of one kind, spread over hosts of their own, `perHost` on each. */
export type ResourceGroup = Readonly<z.output<typeof resourceGroup>>;

/** Up to that either way: each is drawn uniformly. */
const clocks = {
  offset: duration({ usual: '0s', meaning: 'How far each may be ahead or behind.' }),
  drift: field(drift(), {
    usual: 0, meaning: 'How much faster or slower each may run: `0.01%`.',
  }),
  timers: duration({
    usual: '0s',
    quiet: true,
    meaning: 'How early or late each timer may fire.',
    check: (us) => us <= 1000 ? null
      : { problem: 'timers: timers are not that far off', remedy: 'make it 1ms at most' },
  }),
};

/** One message after the other. */
const service = {
  manager: duration({ usual: '0s', meaning: 'For each message that a manager gets.' }),
  agent: duration({ usual: '0s', meaning: 'For each message that an agent gets.' }),
};

export type ClockSettings = Settings<typeof clocks>;
export type ServiceSettings = Settings<typeof service>;

export const systemFields = {
  managers: count(1, 100_000, { meaning: 'Each on a host of its own.' }),
  zones: readField(z.union([countOf(1, 65_535), z.array(word()).min(1)]), {
    usual: 1,
    meaning: 'A number (4 stands for zone-1 to zone-4) or a list of names.',
    read: readZones,
    write: (zones: readonly string[]) => zones,
  }),
  racks: count(1, 65_535, {
    usual: 1, meaning: 'In each zone; numbered through all zones: rack-1, rack-2 ...',
  }),
  clocks: group('How wrong the clocks of hosts are: uniformly up to that. Default: not at all.',
    clocks),
  service: group(
    'Time that a message takes of its host; others wait meanwhile. Default: none.', service,
  ),
  resources: readField(z.array(resourceGroup), {
    usual: [],
    meaning: 'What is managed, group by group.',
    read: readGroups,
    write: (groups: readonly ResourceGroup[]) => groups,
  }),
  kinds: readField(z.record(word(), kind), {
    usual: { service: {} },
    meaning: 'How resources of a kind behave, by name. Default: one kind, `service`.',
    read: (given, _known: unknown, path) =>
      Object.entries(given).map(([name, one]) => readKind(name, one, [...path, name])),
    write: (kinds: readonly KindSettings[]) =>
      Object.fromEntries(kinds.map(({ name, ...one }) => [name, writtenKind(one)])),
  }),
};

export type SystemSettings = Settings<typeof systemFields>;

function readZones(
  zones: number | readonly string[], _known: unknown, path: ScenarioPath,
): readonly string[] {
  if (typeof zones === 'number') {
    return Array.from({ length: zones }, (_, index) => `zone-${index + 1}`);
  }
  const twice = zones.findIndex((zone, index) => zones.indexOf(zone) < index);
  if (twice < 0) return [...zones];
  throw new SettingError([...path, twice], `there are two zones ${zones[twice]}`,
    'give each its own name');
}

function readKind(
  name: string, { metrics, ...rest }: z.output<typeof kind>, path: ScenarioPath,
): KindSettings {
  const walks = Object.entries(metrics).map(([metric, given]) => {
    const { mean, minimum, maximum } = given;
    if (mean < minimum || mean > maximum) {
      const problem = `mean ${mean} is not between minimum ${minimum} and maximum ${maximum}`;
      throw new SettingError([...path, 'metrics', metric, 'mean'], problem,
        'set minimum and maximum around it');
    }
    const resolution = given.resolution ?? (maximum - minimum) / 10;
    return { name: metric, ...given, resolution };
  });
  return { name, ...rest, metrics: walks };
}

function writtenKind({ metrics, ...rest }: Omit<KindSettings, 'name'>): unknown {
  const named = metrics.map(({ name, ...walk }) => [name, walk] as const);
  return z.encode(kind, { ...rest, metrics: Object.fromEntries(named) });
}

function readGroups(
  groups: readonly ResourceGroup[],
  { kinds }: { readonly kinds: readonly KindSettings[] },
  path: ScenarioPath,
): readonly ResourceGroup[] {
  const total = groups.reduce((sum, { count }) => sum + count, 0);
  if (total > mostResources) {
    throw new SettingError(
      path, `there are ${total} resources`, `at most ${mostResources} are managed`,
    );
  }
  const known = kinds.map(({ name }) => name);
  for (const [index, { kind, spares, count, labels }] of groups.entries()) {
    const at = [...path, index];
    if (!known.includes(kind)) {
      throw new SettingError([...at, 'kind'], `there is no kind ${kind}`, suggestion(kind, known));
    }
    if (spares > count) {
      const problem = `${spares} spares among ${count} resources`;
      throw new SettingError([...at, 'spares'], problem, 'make spares at most count');
    }
    const stem = labels['group'] ?? kind;
    if (stem === 'manager' || stem === 'host') {
      const problem = `resources would be named ${stem}-1, as ${stem}s are`;
      throw new SettingError(at, problem, 'give them another label `group`');
    }
  }
  return groups;
}
