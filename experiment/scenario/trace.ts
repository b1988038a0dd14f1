/** `faults[].trace`: which recorded failures happen, and when. */
import { formatOf, traceFormats, type TraceFile, type TraceReading } from '../traces/index.js';
import { Misfit, type ScenarioPath } from './error.js';
import type { FaultTime } from './resolved.js';
import type { ScenarioSettings } from './schema.js';
import { formatDurationUs } from './units.js';

type Given = NonNullable<ScenarioSettings['faults'][number]['trace']>;
/** The content of a trace file; throws if it cannot be read. */
export type ReadTrace = (file: string, how: TraceReading, path: ScenarioPath) => TraceFile;

/**
 * @param path - of the entry of `faults`
 * @param warmUpUs - when faults may begin
 */
export function resolveTraceTime(
  given: Given,
  path: ScenarioPath,
  warmUpUs: number,
  readTrace: ReadTrace,
): Extract<FaultTime, { kind: 'trace' }> {
  const where = [...path, 'trace'];
  const format = given.format ?? formatOf(given.file);
  if (format === undefined) {
    const problem = `nothing tells the format of ${given.file}`;
    throw new Misfit([...where, 'file'], problem, `add format: ${traceFormats.join(' or ')}`);
  }
  const { unit, system, nodes } = given;
  const reading = { format, unit, system, nodes: format === 'opendc' ? nodes : undefined };
  const trace = readTrace(given.file, reading, [...where, 'file']);
  if (given.sha256 !== undefined && given.sha256 !== trace.sha256) {
    throw new Misfit(
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
    throw new Misfit([...where, key], 'from is after until', `the trace goes ${span}`);
  }
  const { speedUp, repeat = trace.loopUs !== undefined } = given;
  if (repeat && fromUs === untilUs) {
    const problem = 'there is nothing to repeat';
    throw new Misfit([...where, 'repeat'], problem, 'let until be after from');
  }
  const startUs = given.start ?? warmUpUs;
  return {
    kind: 'trace', trace, format, unit, system, repeat, fromUs, untilUs, startUs, speedUp,
    nodes: Math.min(nodes ?? trace.nodes, trace.nodes),
  };
}

/** Every node of the trace needs somebody to stand for it. */
export function checkUnits(
  when: Extract<FaultTime, { kind: 'trace' }>,
  units: number,
  path: ScenarioPath,
): void {
  if (when.nodes <= units) return;
  const problem = `the trace has ${when.nodes} nodes, but this hits ${units}`;
  throw new Misfit([...path, 'trace'], problem, `add nodes: ${units} to use the first ${units}`);
}
