/** A run held to its own trace: what differs, in words; nothing where all is as it should be. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRecorder, type RunRecord } from '../../analysis/index.js';
import { TraceFile, TraceLines } from '../../analysis/trace-file.js';
import { latecomers } from '../../experiment/faults/index.js';
import { buildInventory } from '../../experiment/inventory.js';
import type { ResolvedScenario } from '../../experiment/scenario/index.js';
import type { RunResult } from '../../experiment/world.js';
import { runSimulation } from '../../sim/index.js';
import { recorded } from '../live/recorded.js';
import { linesOf, type Line } from './lines.js';
import type { Windows } from './plane.js';
import { Replay } from './replay.js';
import { Told } from './told.js';

interface Finished {
  readonly record: RunRecord;
  readonly result: RunResult;
  readonly bounds: Windows;
}

/** A run, and what its trace tells. */
export interface Lived {
  readonly record: RunRecord;
  readonly replay: Replay;
  /** The trace has them. */
  readonly messages: boolean;
}

export interface How {
  /** False: the trace has none. */
  readonly messages?: boolean;
  /** False: the trace is not kept in a file, but read as it is made. */
  readonly kept?: boolean;
  /** Added to J, where it is to be seen that a wrong window is noticed. */
  readonly laterUs?: number;
}

export async function differences(scenario: ResolvedScenario, how?: How): Promise<string[]> {
  return apart(await simulated(scenario, how));
}

/** Of a live run, whose trace has no messages. */
export async function liveDifferences(scenario: ResolvedScenario): Promise<string[]> {
  return apart(await again(scenario, { messages: false }, (trace) =>
    recorded(scenario, { sinks: [trace] })));
}

export function apart({ record, replay, messages }: Lived): string[] {
  const told = new Told(record, replay);
  told.holdAll(messages);
  return told.apart;
}

export function simulated(scenario: ResolvedScenario, how: How = {}): Promise<Lived> {
  const inventory = buildInventory(scenario);
  const recorder = createRecorder(scenario, inventory);
  const run = async (trace: TraceLines): Promise<Finished> => {
    const result = await runSimulation(scenario, inventory, {
      sinks: [...recorder.sinks, trace],
      ...(how.messages === false ? {} : { messages: trace }),
      samplePeriodUs: recorder.samplePeriodUs,
      sample: (timeUs, counters) => recorder.sample(timeUs, counters),
      instants: recorder.instants,
      progress: () => true,
    });
    return { record: recorder.finish(result), result, bounds: recorder.bounds };
  };
  return how.kept === false ? meanwhile(scenario, recorder.bounds, run) : again(scenario, how, run);
}

function whereIn(scenario: ResolvedScenario): Pick<
  ConstructorParameters<typeof Replay>[0], 'scenario' | 'inventory' | 'absent'
> {
  const inventory = buildInventory(scenario);
  return { scenario, inventory, absent: latecomers(scenario.faults, inventory).resources };
}

/** Line by line as they come, of traces of which nobody has the disk. */
async function meanwhile(
  scenario: ResolvedScenario, windows: Windows, run: (trace: TraceLines) => Promise<Finished>,
): Promise<Lived> {
  const replay = new Replay({ ...whereIn(scenario), endUs: scenario.durationUs, windows });
  const { record } = await run(new TraceLines((line) => replay.line(asRead(line as Line))));
  replay.end();
  return { record, replay, messages: true };
}

/** What a file would give back: those of messages hold nothing but numbers and texts. */
export function asRead(line: Line): Line {
  return line.type.startsWith('message-') ? line : JSON.parse(JSON.stringify(line)) as Line;
}

async function again(
  scenario: ResolvedScenario, { messages = true, laterUs = 0 }: How,
  run: (trace: TraceLines) => Promise<Finished>,
): Promise<Lived> {
  const directory = mkdtempSync(join(tmpdir(), 'howdah-again-'));
  try {
    const path = join(directory, 'trace.jsonl');
    const trace = new TraceFile(path);
    const { record, result, bounds } = await run(trace);
    trace.close();
    const replay = new Replay({
      ...whereIn(scenario), endUs: result.endUs,
      windows: { ...bounds, registrationUs: bounds.registrationUs + laterUs },
    });
    for (const line of linesOf(path)) replay.line(line);
    replay.end();
    return { record, replay, messages };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
