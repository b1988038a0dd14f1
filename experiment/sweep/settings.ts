/** The schema of sweep files. */
import { z } from 'zod';
import { share } from '../language/fields.js';

const halfWidth = z.union([
  z.number().transform((value) => ({ value, relative: false })),
  share().transform((value) => ({ value, relative: true })),
]);

const sequential = z.strictObject({
  measures: z
    .record(z.string(), halfWidth)
    .describe("A number of summary.json: half of its interval, `5%` or a number in its unit."),
  confidence: share().prefault('95%').describe('Of the intervals.'),
  batch: z
    .number()
    .int()
    .min(10)
    .max(10_000)
    .default(10)
    .describe('So many, then so many more each time: only whole batches are looked at.'),
  max: z.number().int().min(10).max(10_000).describe('No more than these, whatever is reached.'),
});

const target = z.strictObject({
  measure: z.string().describe('A number of summary.json, by dotted name.'),
  halfWidth: halfWidth
    .describe("Of the confidence interval: `5%` of the mean, or a number in the measure's unit."),
  confidence: share().prefault('95%').describe('Of the interval.'),
  min: z.number().int().min(2).max(10_000).default(3).describe('So many in any case.'),
  max: z.number().int().min(2).max(10_000).describe('No more than these, whatever is reached.'),
});

/** A value that is not alone: it takes others along. */
export const linkedValue = z.strictObject({
  value: z.unknown().describe('Of the axis.'),
  with: z.record(z.string(), z.unknown()).describe('Further scenario paths, set along with it.'),
});

const end = z.union([z.number(), z.string()]);

const range = z.strictObject({
  from: end.describe('The first value: a number, share, duration or rate.'),
  to: end.describe('The last.'),
  steps: z.number().int().min(2).max(1000).default(5).describe('So many values, both ends too.'),
  scale: z.enum(['linear', 'log']).default('linear').describe('How they lie in between.'),
});
export type RangeSettings = z.output<typeof range>;

const axis = z.union([z.array(z.unknown()).min(1), range]);
export type AxisSettings = z.output<typeof axis>;

const design = z.union([
  z.enum(['grid', 'oneAtATime']).transform((kind) => ({ kind })),
  z
    .strictObject({
      latinHypercube: z.strictObject({ cells: z.number().int().min(2).max(100_000) }),
    })
    .transform(({ latinHypercube }) => ({ kind: 'latinHypercube' as const, ...latinHypercube })),
  z
    .strictObject({
      morris: z.strictObject({
        trajectories: z.number().int().min(2).max(10_000).default(10),
        levels: z
          .number()
          .int()
          .min(2)
          .max(100)
          .multipleOf(2, { error: 'use an even number' })
          .default(4),
      }),
    })
    .transform(({ morris }) => ({ kind: 'morris' as const, ...morris })),
]);

export const sweepSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, {
      error: 'use letters, digits, . - and _, since it names a directory',
    })
    .optional()
    .describe('Names the results. Default: the name of the file.'),
  description: z.string().default('').describe('A sentence on what the sweep shows.'),
  base: z
    .union([z.string().min(1), z.record(z.string(), z.unknown())])
    .describe('The scenario: a file, relative to the sweep file, or its content.'),
  filesFrom: z
    .string()
    .min(1)
    .optional()
    .describe('Folder of the files that the scenario names. Default: the one of the scenario.'),
  vary: z
    .record(z.string(), axis)
    .default({})
    .describe('Scenario path: list or range of values. Each combination is a cell of the grid.'),
  linked: z
    .array(z.record(z.string(), axis))
    .default([])
    .describe('Axes that go together, value by value: of one group, all have as many values.'),
  variants: z
    .record(
      z.string().regex(/^[A-Za-z][A-Za-z0-9._-]*$/, { error: 'begin with a letter' }),
      z.record(z.string(), z.unknown()),
    )
    .optional()
    .describe('Name: scenario path: value. One more axis, called variant.'),
  exclude: z
    .array(z.record(z.string(), z.unknown()))
    .default([])
    .describe('Cells that are left out: those with all these values. A list: any of them.'),
  derive: z
    .record(z.string(), z.union([z.string(), z.number()]))
    .default({})
    .describe('Scenario path: arithmetic on axes and settings, such as `3 * system.managers`.'),
  design: design
    .prefault('grid')
    .describe('grid, oneAtATime, { latinHypercube: { cells } } or { morris: { trajectories } }.'),
  replications: z
    .union([z.number().int().min(1).max(10_000), target, sequential])
    .default(1)
    .describe('Runs per cell, each with a seed of its own, the same in every cell.'),
  seed: z
    .number()
    .int()
    .min(0)
    .max(Number.MAX_SAFE_INTEGER)
    .default(1)
    .describe('From which the seeds of the replications are drawn.'),
  report: z
    .strictObject({
      measures: z.array(z.string()).optional().describe('What is drawn against the axis.'),
      tradeoff: z
        .strictObject({ x: z.string(), y: z.string() })
        .optional()
        .describe('Two measures, to be drawn against each other.'),
      trends: z
        .array(z.string())
        .default([])
        .describe('What gets a straight line against the logarithm of the axis.'),
      axes: z.record(z.string(), z.string()).default({}).describe('Titles of the axes, by path.'),
    })
    .prefault({})
    .describe('How `sim report` shows it; changes no result.'),
});

export type SweepSettings = z.output<typeof sweepSchema>;
