/** The kinds of value that a scenario's fields hold, as building blocks of its schema. */
import { z } from 'zod';
import {
  lognormalWithMean,
  paretoWithMean,
  weibullWithMean,
  type Distribution,
} from '../random/distributions.js';
import {
  durationPattern,
  formatDurationSeconds,
  formatDurationUs,
  formatRate,
  readDurationSeconds,
  ratePattern,
  readDurationUs,
  readRate,
  readShare,
  type Reading,
} from './units.js';

/** Travels on a custom issue, so that the loader can tell the problem from its remedy. */
export interface IssueParams {
  readonly remedy: string;
  /** Not even of the right type: where a union has a better alternative, that one speaks. */
  readonly mismatch?: boolean;
}

/** One function reads it, another writes it; `meta` is what the JSON Schema says of it. */
function written<Value>(
  read: (input: unknown) => Reading<Value>,
  write: (value: Value) => unknown,
  meta: Record<string, unknown>,
): z.ZodType<Value, unknown> {
  return z
    .codec(z.unknown(), z.custom<Value>((value) => typeof value !== 'object'), {
      decode: (input, context): Value => {
        const reading = input === undefined ? missing : read(input);
        if ('value' in reading) return reading.value;
        const mismatch = typeof input === 'object';
        const params: IssueParams = { remedy: reading.remedy, mismatch };
        context.issues.push({ code: 'custom', message: reading.problem, input, params });
        return z.NEVER;
      },
      encode: write,
    })
    .meta(meta);
}

const missing = { problem: 'is missing', remedy: 'give it a value' };

const durationMeta = {
  type: 'string',
  pattern: durationPattern,
  examples: ['20ms', '30s', '5m', '2h', '7d', '5y'],
};

/** Whole microseconds. */
export const duration = (): z.ZodType<number, unknown> =>
  written(readDurationUs, formatDurationUs, durationMeta);

/** Whole microseconds, and not none. */
export const period = (): z.ZodType<number, unknown> =>
  written((input) => {
    const reading = readDurationUs(input);
    return 'value' in reading && reading.value === 0
      ? { problem: 'a period of 0s never ends', remedy: 'make it at least 1us' }
      : reading;
  }, formatDurationUs, durationMeta);

export const seconds = (): z.ZodType<number, unknown> =>
  written(readDurationSeconds, formatDurationSeconds, durationMeta);

export const share = (): z.ZodType<number, unknown> =>
  written(readShare, (value) => value, {
    anyOf: [
      { type: 'number', minimum: 0, maximum: 1 },
      { type: 'string', pattern: '^[0-9.]+ ?%$' },
    ],
    examples: ['0.5%', 0.005],
  });

/** A share of its rate by which a clock is wrong. */
export const drift = () =>
  share().refine((value) => value < 1, { error: 'a rate changes by less than 100%' });

/** Bits per second. */
export const rate = (): z.ZodType<number, unknown> =>
  written(readRate, formatRate, {
    type: 'string', pattern: ratePattern, examples: ['64kbit/s', '10Mbit/s'],
  });

export const count = (minimum: number, maximum = 10_000_000): z.ZodNumber =>
  z.number().int().min(minimum).max(maximum);

/** What people name zones, kinds and labels: safe in file names, rules and messages. */
export const word = (): z.ZodString =>
  z.string().regex(/^[A-Za-z][A-Za-z0-9_-]*$/, {
    error: 'start with a letter; go on with letters, digits, - and _',
  });

export const sha256 = () =>
  z
    .string()
    .regex(/^[0-9a-f]{64}$/, { error: 'write 64 hexadecimal digits' })
    .describe('Of the file: another is refused. Default: whatever it is.');

const labelPattern = /^[A-Za-z_][A-Za-z0-9_-]*$/;
const labelValues = ['string', 'number', 'boolean'] as const;
const labelPairs = z.array(z.tuple([
  z.string().regex(labelPattern, {
    error: 'start with a letter or _; go on with letters, digits, - and _',
  }),
  z.union([z.string(), z.number(), z.boolean()]).transform(String),
]));

/** Texts by name. A record of zod's would pass over a name such as `__proto__` without a word. */
export const labels = (): z.ZodType<Readonly<Record<string, string>>, unknown> =>
  z
    .codec(z.unknown(), z.custom<Readonly<Record<string, string>>>(), {
      encode: (value) => value,
      decode: (input, { issues }): Readonly<Record<string, string>> => {
      if (typeof input !== 'object' || input === null || Array.isArray(input)) {
        issues.push({ code: 'invalid_type', expected: 'record', input });
        return z.NEVER;
      }
      const entries = Object.entries(input);
      const pairs = labelPairs.safeParse(entries, { reportInput: true });
      if (pairs.success) return Object.fromEntries(pairs.data);
      for (const issue of pairs.error.issues) {
        const [at, part] = issue.path as [number, number];
        const path = [entries[at][0]];
        issues.push(part === 0
          ? { code: 'invalid_key', origin: 'record', issues: [issue], input: path[0], path }
          : { ...issue, path } as (typeof issues)[number]);
      }
      return z.NEVER;
     },
    })
    .meta({
      type: 'object',
      propertyNames: { type: 'string', pattern: labelPattern.source },
      additionalProperties: { type: labelValues },
    });

const laws = z.strictObject({
  constant: seconds().optional().describe('Always the same; `20ms` is short for it.'),
  uniform: z
    .strictObject({ low: seconds(), high: seconds() })
    .optional()
    .describe('Equally likely anywhere from low to high.'),
  exponential: seconds()
    .optional()
    .describe('Memoryless, with this mean: lifetimes, times between events.'),
  lognormal: z
    .strictObject({
      median: seconds().optional(),
      mean: seconds().optional().describe('Instead of the median.'),
      sigma: z.number().min(0).max(10).describe('Standard deviation of the logarithm.'),
    })
    .optional()
    .describe('Right-skewed: network delays, repair times.'),
  weibull: z
    .strictObject({
      scale: seconds().optional().describe('63% are shorter.'),
      mean: seconds().optional().describe('Instead of the scale.'),
      shape: z
        .number()
        .min(0.1)
        .max(100)
        .describe('Below 1: the longer it has lived, the longer it will. 1: exponential.'),
    })
    .optional()
    .describe('Lifetimes of machines that wear in or out.'),
  pareto: z
    .strictObject({
      minimum: seconds().optional().describe('None is shorter.'),
      mean: seconds().optional().describe('Instead of the minimum; only for a shape above 1.'),
      shape: z.number().min(0.1).max(100).describe('The smaller, the heavier the tail.'),
    })
    .optional()
    .describe('Heavy-tailed: sessions of peers.'),
  empirical: z
    .array(seconds())
    .min(2)
    .max(1001)
    .optional()
    .describe('Evenly spaced quantiles, from the least to the greatest; straight between them.'),
});

export const lawNames = Object.keys(laws.shape);

/** A duration drawn from a distribution; a plain duration is always the same. In seconds. */
export const distribution = (): z.ZodType<Distribution, unknown> =>
  z.codec(z.union([seconds(), laws]), z.custom<Distribution>(), {
    decode: distributionFrom,
    encode: (given) => {
      if (given.kind === 'constant') return given.value;
      if (given.kind === 'exponential') return { exponential: given.mean };
      if (given.kind === 'empirical') return { empirical: [...given.quantiles] };
      const { kind, ...parameters } = given;
      return { [kind]: parameters };
    },
  });

function distributionFrom(
  given: number | Laws, context: z.core.ParsePayload<number | Laws>,
): Distribution {
  if (typeof given === 'number') return { kind: 'constant', value: given };
  const refuse = (message: string, remedy: string): never => {
    context.issues.push({ code: 'custom', message, input: given, params: { remedy } });
    return z.NEVER;
  };
  const { constant, uniform, exponential, lognormal, weibull } = given;
  if (Object.values(given).filter((value) => value !== undefined).length !== 1) {
    const remedy = `give one of ${lawNames.join(', ')}`;
    return refuse('a distribution has one kind', remedy);
  }
  if (constant !== undefined) return { kind: 'constant', value: constant };
  if (exponential !== undefined) return { kind: 'exponential', mean: exponential };
  if (uniform) {
    if (uniform.low > uniform.high) {
      return refuse('low is above high', 'write the smaller one as low');
    }
    return { kind: 'uniform', ...uniform };
  }
  if (lognormal) return lognormalFrom(lognormal, refuse);
  if (given.empirical) return empiricalFrom(given.empirical, refuse);
  return weibull ? weibullFrom(weibull, refuse) : paretoFrom(given.pareto!, refuse);
}

type Laws = z.output<typeof laws>;
type Refuse = (message: string, remedy: string) => never;

function lognormalFrom(given: NonNullable<Laws['lognormal']>, refuse: Refuse): Distribution {
  const { median, mean, sigma } = given;
  if (median !== undefined && mean === undefined) return { kind: 'lognormal', median, sigma };
  if (mean !== undefined && median === undefined) return lognormalWithMean(mean, sigma);
  return refuse('lognormal needs a median or a mean', 'give one of the two');
}

function empiricalFrom(quantiles: readonly number[], refuse: Refuse): Distribution {
  const falls = quantiles.some((value, place) => place > 0 && value < quantiles[place - 1]);
  if (falls) return refuse('the quantiles of empirical fall', 'write them from least to greatest');
  return { kind: 'empirical', quantiles };
}

function weibullFrom(given: NonNullable<Laws['weibull']>, refuse: Refuse): Distribution {
  const { scale, mean, shape } = given;
  if (scale !== undefined && mean === undefined) return { kind: 'weibull', scale, shape };
  if (mean !== undefined && scale === undefined) return weibullWithMean(mean, shape);
  return refuse('weibull needs a scale or a mean', 'give one of the two');
}

function paretoFrom(given: NonNullable<Laws['pareto']>, refuse: Refuse): Distribution {
  const { minimum, mean, shape } = given;
  if (minimum !== undefined && mean === undefined) return { kind: 'pareto', minimum, shape };
  if (mean === undefined || minimum !== undefined) {
    return refuse('pareto needs a minimum or a mean', 'give one of the two');
  }
  if (shape > 1) return paretoWithMean(mean, shape);
  return refuse(
    'a pareto distribution of that shape has no mean',
    'make shape more than 1, or give a minimum',
  );
}

const anyDistribution = distribution();

/** As a user would write it. */
export function distributionSettings(given: Distribution): unknown {
  return z.encode(anyDistribution, given);
}
