/** Brakes over all rules: `brakes` and `silences` of a scenario, read, checked and printed. */
import { z } from 'zod';
import type { BrakeSettings, Silence } from '../../core/rules/index.js';
import { verbs } from '../../core/verbs/index.js';
import { SettingError, type ScenarioPath } from '../language/error.js';
import { duration, period, share } from '../language/fields.js';
import { readField } from '../language/section.js';

const atMost = () => z.number().int().min(1).max(10_000_000);

const brakes = z.array(z.strictObject({
  over: z
    .enum(['run', 'zone', 'group'])
    .default('run')
    .describe('What counts together: all there is, each zone, or each label `group`.'),
  of: z
    .array(z.enum(verbs))
    .min(1)
    .default([...verbs])
    .describe('The actions that it counts and holds.'),
  atMost: atMost().optional().describe('So many actions in any window of time.'),
  per: period().optional().describe('The length of that window.'),
  halt: share()
    .optional()
    .describe('Nothing begins while more than this share of what should be up is down.'),
  unavailable: z
    .strictObject({ atMost: atMost() })
    .optional()
    .describe('So many may be down at a time because rules stop or restart them.'),
}));

const silences = z.array(z.strictObject({
  host: z.string().optional(),
  zone: z.string().optional(),
  group: z.string().optional().describe('The label `group` of resources.'),
  from: duration().prefault('0s'),
  until: period().describe('When it ends, by the clocks of the managers.'),
}));

/** Undefined: there are none. */
type Some<One> = readonly One[] | undefined;

export interface BrakesAndSilences {
  readonly brakes: Some<BrakeSettings>;
  readonly silences: Some<Silence>;
}

export const brakeFields = {
  brakes: readField(brakes, {
    usual: [],
    meaning: 'What all rules may do together.',
    read: (given, _known: unknown, path): Some<BrakeSettings> => given.length === 0 ? undefined
      : given.map((one, index) => readBrake(one, [...path, index])),
    write: (some) => z.encode(brakes, some!.map(brakeWords)),
    kept: ({ coordination }) => coordination.actions.brakes,
  }),
  silences: readField(silences, {
    usual: [],
    meaning: 'Rules do nothing for a time to the resources of a host, a zone or a group.',
    read: (given, _known: unknown, path): Some<Silence> => given.length === 0 ? undefined
      : given.map((one, index) => readSilence(one, [...path, index])),
    write: (some) => z.encode(silences, some!.map(({ over, name, fromUs: from, untilUs: until }) =>
      ({ [over]: name, from, until }))),
    kept: ({ coordination }) => coordination.actions.silences,
  }),
};

function readBrake(
  { over, of, per: perUs, halt, unavailable, ...given }: z.output<typeof brakes>[number],
  path: ScenarioPath,
): BrakeSettings {
  if ((given.atMost === undefined) !== (perUs === undefined)) {
    const [has, lacks] = perUs === undefined ? ['atMost', 'per'] : ['per', 'atMost'];
    throw new SettingError(path, `a brake with ${has} and without ${lacks}`, `add ${lacks}`);
  }
  const budget = perUs === undefined ? null : { atMost: given.atMost!, perUs };
  if (budget === null && halt === undefined && unavailable === undefined) {
    throw new SettingError(
      path, 'this brake holds nothing', 'add atMost and per, halt or unavailable',
    );
  }
  return { over, of, budget, halt: halt ?? null, unavailable: unavailable?.atMost ?? null };
}

function readSilence(
  { from: fromUs, until: untilUs, ...places }: z.output<typeof silences>[number],
  path: ScenarioPath,
): Silence {
  const named = (['host', 'zone', 'group'] as const).filter((over) => places[over] !== undefined);
  const [over] = named;
  if (over === undefined || named.length > 1) {
    const problem = named.length === 0 ? 'this silences nothing' : 'a silence is of one place';
    throw new SettingError(path, problem, 'name one of host, zone and group');
  }
  if (untilUs <= fromUs) {
    throw new SettingError([...path, 'until'], 'it ends before it begins', 'make it later');
  }
  return { over, name: places[over]!, fromUs, untilUs };
}

function brakeWords(
  { over, of, budget, halt, unavailable }: BrakeSettings,
): z.output<typeof brakes>[number] {
  return {
    over,
    of: [...of],
    ...(budget && { atMost: budget.atMost, per: budget.perUs }),
    ...(halt === null ? {} : { halt }),
    ...(unavailable === null ? {} : { unavailable: { atMost: unavailable } }),
  };
}
