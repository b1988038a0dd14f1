/** The schema of sweep files. */
import { z } from 'zod';
import { share } from '../scenario/fields.js';

const target = z.strictObject({
  measure: z.string().describe('A number of summary.json, by dotted name.'),
  halfWidth: z
    .union([
      z.number().transform((value) => ({ value, relative: false })),
      share().transform((value) => ({ value, relative: true })),
    ])
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
    .record(z.string(), z.array(z.unknown()).min(1))
    .describe('Scenario path: list of values. Each combination is a cell of the grid.'),
  replications: z
    .union([z.number().int().min(1).max(10_000), target])
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
