/** `faults[].trace`: which recorded failures happen, and when. */
import { z } from 'zod';
import {
  formatOf, traceFormats, traceUnits, type TraceFile, type TraceFormat, type TraceReading,
  type TraceUnit,
} from './index.js';
import { SettingError, type ScenarioPath } from '../language/error.js';
import { count, duration, sha256 } from '../language/fields.js';
import { formatDurationUs } from '../language/units.js';

export const trace = z.strictObject({
  file: z
    .string()
    .min(1)
    .describe(
      'Recorded failures: relative to the scenario file, or in the folder HOWDAH_DATA names.',
    ),
  format: z
    .enum(traceFormats)
    .optional()
    .describe("Default: by the end of the file's name (.csv, .avt; .tab: fta)."),
  unit: z
    .enum(traceUnits)
    .optional()
    .describe('Of the times in the file. Default: s; of opendc ms.'),
  system: z
    .union([z.string(), z.number().transform(String)])
    .optional()
    .describe('With `lanl`: which of the systems.'),
  repeat: z
    .boolean()
    .optional()
    .describe('From `from` to `until` again and again. Default: as the file says, else no.'),
  sha256: sha256().optional(),
  from: duration()
    .optional()
    .describe("Outages from here on, by the trace's clock. Default: its beginning."),
  until: duration().optional().describe('Outages that begin before this. Default: its end.'),
  start: duration()
    .optional()
    .describe('When in the run `from` is. Default: the end of the warm-up.'),
  speedUp: z
    .number()
    .min(0.001)
    .max(1_000_000)
    .default(1)
    .describe("The trace's clock goes so many times as fast as the run's."),
  nodes: count(1).optional().describe('Only so many nodes, the first. Default: all.'),
});

/**
 * As recorded: node k of the trace is the k-th unit of `targets` (kinds managers, hosts or
 * resources, one after the other; their `count` is 0). An outage under way at fromUs begins then;
 * none begins at untilUs or later; each lasts for as long as the trace says.
 */
export interface TraceTime {
  readonly kind: 'trace';
  /** Its path is absolute, so that a resolved scenario finds it from anywhere. */
  readonly trace: TraceFile;
  readonly format: TraceFormat;
  /** Undefined: the one of the format. */
  readonly unit?: TraceUnit | undefined;
  readonly system?: string | undefined;
  /** From fromUs to untilUs again and again. */
  readonly repeat?: boolean;
  /** By the trace's clock. */
  readonly fromUs: number;
  readonly untilUs: number;
  /** When in the run fromUs is. */
  readonly startUs: number;
  /** The trace's clock goes so many times as fast as the run's. */
  readonly speedUp: number;
  /** So many nodes, the first of the trace. */
  readonly nodes: number;
}

type Given = z.output<typeof trace>;
/** The content of a trace file; throws if it cannot be read. */
export type ReadTrace = (file: string, how: TraceReading, path: ScenarioPath) => TraceFile;

/**
 * @param where - it stands
 * @param warmUpUs - when faults may begin
 */
export function readTraceTime(
  given: Given,
  where: ScenarioPath,
  warmUpUs: number,
  readTrace: ReadTrace,
): TraceTime {
  const format = given.format ?? formatOf(given.file);
  if (format === undefined) {
    const problem = `nothing tells the format of ${given.file}`;
    throw new SettingError([...where, 'file'], problem, `add format: ${traceFormats.join(' or ')}`);
  }
  const { unit, system, nodes } = given;
  const reading = { format, unit, system, nodes: format === 'opendc' ? nodes : undefined };
  const trace = readTrace(given.file, reading, [...where, 'file']);
  if (given.sha256 !== undefined && given.sha256 !== trace.sha256) {
    throw new SettingError(
      [...where, 'sha256'],
      `${trace.path} is not that file any more: its SHA-256 is ${trace.sha256}`,
      'bring the file back, or remove sha256 to use the new one',
    );
  }
  const fromUs = given.from ?? trace.startUs;
  const untilUs = given.until ?? trace.loopUs ?? Math.max(trace.endUs, fromUs);
  if (fromUs > untilUs) {
    const key = given.from === undefined ? 'until' : 'from';
    const span = `from ${formatDurationUs(trace.startUs)} to ${formatDurationUs(trace.endUs)}`;
    throw new SettingError([...where, key], 'from is after until', `the trace goes ${span}`);
  }
  const { speedUp, repeat = trace.loopUs !== undefined } = given;
  if (repeat && fromUs === untilUs) {
    const problem = 'there is nothing to repeat';
    throw new SettingError([...where, 'repeat'], problem, 'let until be after from');
  }
  const startUs = given.start ?? warmUpUs;
  return {
    kind: 'trace', trace, format, unit, system, repeat, fromUs, untilUs, startUs, speedUp,
    nodes: Math.min(nodes ?? trace.nodes, trace.nodes),
  };
}

/** Every node of the trace needs somebody to stand for it. */
export function checkUnits(
  when: TraceTime,
  units: number,
  path: ScenarioPath,
): void {
  if (when.nodes <= units) return;
  const problem = `the trace has ${when.nodes} nodes, but this hits ${units}`;
  throw new SettingError(
    [...path, 'trace'], problem, `add nodes: ${units} to use the first ${units}`,
  );
}

/** As a user would write it. */
export function writeTraceTime(
  { trace: { path: file, sha256, loopUs }, format, fromUs, untilUs, startUs, ...rest }: TraceTime,
): object {
  const { speedUp, nodes, unit, system, repeat } = rest;
  const more = {
    ...(unit === undefined ? {} : { unit }), ...(system === undefined ? {} : { system }),
    ...(repeat === true || loopUs !== undefined ? { repeat } : {}),
  };
  const [from, until, start] = [fromUs, untilUs, startUs].map(formatDurationUs);
  return { file, format, ...more, sha256, from, until, start, speedUp, nodes };
}
