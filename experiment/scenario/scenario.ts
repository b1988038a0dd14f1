/** Every key of a scenario: the parts that are large have files of their own. */
import { z } from 'zod';
import {
  choice, count, duration, flag, group, period, type Settings,
} from '../../core/settings.js';
import type { ChosenInvariant } from '../invariant.js';
import type { Registry } from '../plugins.js';
import { brakeFields, type BrakesAndSilences } from './brakes.js';
import { coordinationFields } from './coordination.js';
import { SettingError, suggestion, type ScenarioPath } from '../language/error.js';
import { faultFields } from '../faults/settings.js';
import { networkFields } from '../settings/network.js';
import { plug } from './from-plugins.js';
import { aside, field, readField, schemaOf } from '../language/section.js';
import { systemFields } from '../settings/system.js';

const ruleFile = z.union([
  z.string().min(1).describe('Relative to the scenario file.'),
  z.strictObject({ file: z.string(), text: z.string() }).describe('The text itself.'),
]);

/** Settings, of those that have any, stand beside the name. */
const invariant = z.union([z.string(), z.looseObject({ name: z.string() })]);

/** A rule file as read, so that a run is complete in itself. */
interface RuleText {
  readonly file: string;
  readonly text: string;
}

export interface RuleFiles {
  /** The text of a rule file. @throws SettingError at `rules.index` if there is none */
  ruleText(file: string, index: number): string;
}

export interface Beats {
  readonly heartbeatPeriodUs: number;
}
export interface Coordinated {
  readonly coordination: { readonly resources: Beats; readonly managers: Beats };
}

export const scenarioFields = {
  name: field(
    z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, {
      error: 'use letters, digits, . - and _, since it names a directory',
    }),
    {
      meaning: 'Names the results. Default: the name of the file.',
      derive: ({ nameOfFile }: { readonly nameOfFile: string }) => nameOfFile,
    },
  ),
  description: field(z.string(), { usual: '', meaning: 'A sentence on what the scenario shows.' }),
  seed: count(0, Number.MAX_SAFE_INTEGER, { usual: 1, meaning: 'Same seed, same run.' }),
  duration: period({ meaning: 'Simulated time.' }),
  warmUp: duration({
    usual: '0s',
    meaning: 'Left out of all statistics.',
    check: (us, { durationUs }: { readonly durationUs: number }) => us < durationUs ? null
      : { problem: 'warmUp leaves nothing to measure', remedy: 'make it less than duration' },
  }),
  system: group('What there is.', systemFields),
  coordination: group('How it is managed.', coordinationFields),
  rules: readField(z.array(ruleFile), {
    usual: [],
    meaning: 'Files of management rules.',
    read: (given, files: RuleFiles): readonly RuleText[] => given.map((rule, index) =>
      typeof rule === 'string' ? { file: rule, text: files.ruleText(rule, index) } : rule),
    write: (rules) => rules,
  }),
  ...brakeFields,
  heldBack: aside(({ brakes, silences }: BrakesAndSilences) => ({ brakes, silences })),
  network: group('What is between hosts.', networkFields),
  live: group('Only for `sim live`.', {
    processes: count(1, 1_000, { usual: 4, meaning: 'Real processes that share the nodes.' }),
  }),
  ...faultFields,
  invariants: readField(z.union([z.enum(['all', 'none']), z.array(invariant)]), {
    usual: 'all',
    meaning: 'Which are checked: all, none, or a list of names, with settings or without.',
    read: readInvariants,
    write: (chosen) => chosen.map(({ name, given }) =>
      Object.keys(given).length === 0 ? name : { name, ...given }),
  }),
  measure: group('How it is measured.', {
    samples: count(2, 10_000_000, { usual: 2000, meaning: 'Rows of the time series, about.' }),
    hold: duration({
      meaning: 'Healthy for so long, an episode is over. Default: the longest heartbeat period.',
      derive: ({ coordination: { resources, managers } }: Coordinated) =>
        Math.max(resources.heartbeatPeriodUs, managers.heartbeatPeriodUs),
    }),
    twin: flag({
      meaning:
        'true: the run is made once more without its faults, to tell what episodes sent beyond ' +
        'that. It takes as long again.',
    }),
  }),
  engine: group('How the simulator works; never changes a result.', {
    queue: choice(['wheel', 'heap'], {
      usual: 'wheel',
      meaning: 'Event queue: the fast one or its plain reference. Results are the same.',
    }),
  }),
};

/**
 * What the worlds and the measurement read. Instants and durations are whole microseconds (`Us`),
 * shares are in [0, 1], distributions in seconds.
 */
export type ResolvedScenario = Settings<typeof scenarioFields>;

/** What users write. */
export const scenarioSchema = schemaOf(scenarioFields);

function readInvariants(
  given: 'all' | 'none' | readonly z.output<typeof invariant>[],
  { offered }: { readonly offered: Registry['invariants'] }, path: ScenarioPath,
): readonly ChosenInvariant[] {
  if (given === 'none') return [];
  const known = [...offered.keys()];
  const asked = given === 'all' ? known : given;
  return asked.map((one, index) => {
    const { name, ...settings } = typeof one === 'string' ? { name: one } : one;
    const where = [...path, index];
    if (offered.has(name)) return plug(name, settings, offered, where);
    throw new SettingError(where, `there is no invariant ${name}`, suggestion(name, known));
  });
}
