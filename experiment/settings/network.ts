/** `network`: what is between hosts. */
import { z } from 'zod';
import type { Configured } from '../../core/configured.js';
import type { Settings } from '../../core/settings.js';
import { impairmentKinds, type Impairment } from '../impairments/index.js';
import type { ImpairmentKind } from '../impairments/kind.js';
import type { LatencyImplementation } from '../latency-model.js';
import type { Distribution } from '../random/distributions.js';
import { SettingError, suggestion, type ScenarioPath } from '../language/error.js';
import {
  distribution, distributionSettings, duration, lawNames, sha256, share, word,
} from '../language/fields.js';
import type { RttMatrix } from './rtt-matrix.js';
import { field, follows, readField, type Entry } from '../language/section.js';
import { LONGEST_US } from '../language/units.js';

const zoneLatency = z.strictObject({
  within: distribution().describe('Inside a zone.'),
  between: distribution().describe('From one zone to another.'),
  pairs: z
    .array(
      z.strictObject({
        zones: z.tuple([word(), word()]).describe('The two, in either order.'),
        delay: distribution(),
      }),
    )
    .default([])
    .describe('Exceptions for two zones.'),
});

const matrixLatency = z.strictObject({
  file: z
    .string()
    .min(1)
    .describe(
      'Round-trip times in ms between sites, a line per site, tabs between; may be gzipped. ' +
        'Relative to the scenario file.',
    ),
  sha256: sha256().optional(),
  jitter: distribution().prefault('0s').describe('Added to the delay of each message.'),
  within: duration().prefault('250us').describe('One-way delay between hosts of one site.'),
});

const latency = z.union([
  z.strictObject({ zones: zoneLatency }),
  z.strictObject({ matrix: matrixLatency }),
  distribution(),
]);

export const latencyNames: readonly string[] = [...lawNames, 'zones', 'matrix'];

export type LatencySettings =
  | { readonly kind: 'same'; readonly delay: Distribution }
  /** `within` a zone, `between` two zones, unless `pairs` names the two (in either order). */
  | {
      readonly kind: 'zones';
      readonly within: Distribution;
      readonly between: Distribution;
      readonly pairs: readonly { a: number; b: number; delay: Distribution }[];
    }
  /** Each host is at a site that the seed draws; zones play no part. */
  | {
      readonly kind: 'matrix';
      /** As an absolute path, so that a resolved scenario finds it from anywhere ... */
      readonly file: string;
      /** ... and sees whether it is still the same. Hex. */
      readonly sha256: string;
      readonly matrix: RttMatrix;
      /** On top of the measured delay, drawn for each message. In seconds. */
      readonly jitter: Distribution;
      /** Between hosts of one site. */
      readonly withinUs: number;
    }
  | ({ readonly kind: 'from-plugin' } & Configured<LatencyImplementation>);

/** What the latency refers to. */
export interface Surroundings {
  readonly guests: { readonly latency: Configured<LatencyImplementation> | null };
  readonly system: { readonly zones: readonly string[] };
  /** An RTT matrix and the absolute path of its file; throws if there is none. */
  readMatrix(file: string): { path: string; sha256: string; matrix: RttMatrix };
}

function readLatency(
  given: z.output<typeof latency>, surroundings: Surroundings, path: ScenarioPath,
): LatencySettings {
  const { guests, system } = surroundings;
  if (guests.latency !== null) return readFromPlugin(guests.latency, path);
  if ('matrix' in given) return readMatrix(given.matrix, surroundings, [...path, 'matrix']);
  if ('zones' in given) return readZones(given.zones, system.zones, [...path, 'zones', 'pairs']);
  return { kind: 'same', delay: given };
}

function readFromPlugin(
  given: Configured<LatencyImplementation>, path: ScenarioPath,
): LatencySettings {
  const longestUs = given.implementation.longestUs(given.settings);
  if (longestUs >= 1 && longestUs <= LONGEST_US) return { kind: 'from-plugin', ...given };
  const problem = `${given.name} says that no message takes longer than ${longestUs} us`;
  throw new SettingError(path, problem, 'its longestUs has to give a duration');
}

function readMatrix(
  { file, sha256: wanted, jitter, within: withinUs }: z.output<typeof matrixLatency>,
  surroundings: Surroundings, path: ScenarioPath,
): LatencySettings {
  const { path: found, sha256, matrix } = surroundings.readMatrix(file);
  if (wanted !== undefined && wanted !== sha256) {
    const problem = `${found} is not that file any more: its SHA-256 is ${sha256}`;
    throw new SettingError([...path, 'sha256'], problem,
      'bring the file back, or remove sha256 to use the new one');
  }
  return { kind: 'matrix', file: found, sha256, matrix, jitter, withinUs };
}

function readZones(
  { within, between, pairs }: z.output<typeof zoneLatency>, zones: readonly string[],
  path: ScenarioPath,
): LatencySettings {
  const numbered = pairs.map((pair, index) => {
    const [a, b] = pair.zones.map((zone, rank) => {
      const number = zones.indexOf(zone);
      if (number >= 0) return number;
      const where = [...path, index, 'zones', rank];
      throw new SettingError(where, `there is no zone ${zone}`, suggestion(zone, zones));
    });
    return { a, b, delay: pair.delay };
  });
  return { kind: 'zones', within, between, pairs: numbered };
}

function writeLatency(given: LatencySettings, zones: readonly string[]): unknown {
  if (given.kind === 'same') return distributionSettings(given.delay);
  if (given.kind === 'from-plugin') return { [given.name]: given.given };
  if (given.kind === 'matrix') {
    const { file, sha256, jitter, withinUs } = given;
    // Of a run's name the path is no part: without one it is written all the same.
    return { matrix: { file, ...z.encode(matrixLatency.omit({ file: true }), {
      sha256, jitter, within: withinUs,
    }) } };
  }
  const { within, between, pairs } = given;
  return {
    zones: z.encode(zoneLatency, {
      within, between,
      pairs: pairs.map(({ a, b, delay }) => (
        { zones: [zones[a], zones[b]] as [string, string], delay })),
    }),
  };
}

type AnyKind = ImpairmentKind<Impairment, unknown>;
const kinds = (impairmentKinds as readonly AnyKind[]).filter((kind) => kind.isPlainLoss !== true);

/** Each under its own name; together they are the network's impairments. */
const impairmentFields: Readonly<Record<string, Entry<unknown, false, unknown, unknown>>> =
  Object.fromEntries(kinds.map((one) => [one.name, {
    type: one.settings,
    timed: false,
    meaning: one.meaning,
    derive: () => undefined,
    read: (given) => one.read(given),
    write: (value) => one.settingsOf(value as Impairment),
    kept: ({ network }) => network.impairments.find(({ kind }) => kind === one.name),
  }]));

export const networkFields = {
  latency: readField(latency, {
    usual: { uniform: { low: '1ms', high: '10ms' } },
    meaning: 'One-way delay of a message. Default: uniform from 1ms to 10ms.',
    read: readLatency,
    write: (value: LatencySettings, { system }) => writeLatency(value, system.zones),
  }),
  loss: field(share(), {
    usual: 0, meaning: 'Share of messages lost, everywhere and always.',
  }),
  ...(impairmentFields as Readonly<Record<never, never>>),
  /** What else harms messages everywhere and always; at most one of each kind. */
  impairments: follows((known: object): readonly Impairment[] =>
    kinds.flatMap(({ name }) => (known as Readonly<Record<string, Impairment>>)[name] ?? [])),
};

export type NetworkSettings = Settings<typeof networkFields>;
