/** A run's trace in the formats of other tools, as a picture and in words. */
import { join } from 'node:path';
import type { Inventory } from '../../experiment/inventory.js';
import { writeWhole } from '../whole-file.js';
import { perfetto } from './perfetto.js';
import { readTrace, type Trace } from './read.js';
import { shiviz } from './shiviz.js';
import { spaceTime } from './space-time.js';
import { storyOf } from './story.js';

interface TraceFormat {
  readonly file: string;
  readonly pieces: (trace: Trace, title: string) => Iterable<string>;
}

const formats = {
  shiviz: { file: 'trace.shiviz.log', pieces: shiviz },
  perfetto: { file: 'trace.perfetto.json', pieces: perfetto },
  'space-time': { file: 'space-time.svg', pieces: (trace, title) => [spaceTime(trace, title)] },
} as const satisfies Readonly<Record<string, TraceFormat>>;

export type TraceFormatName = keyof typeof formats;

export const traceFormats = Object.keys(formats) as TraceFormatName[];

/**
 * Writes the trace of a run directory into it in another format.
 *
 * @returns the path of the file
 * @throws RunDirectoryError where there is no trace
 */
export function exportTrace(
  directory: string, names: readonly TraceFormatName[], inventory: Inventory, title: string,
): string[] {
  const trace = readTrace(directory, inventory);
  return names.map((name) => {
    const { file, pieces }: TraceFormat = formats[name];
    return put(join(directory, file), pieces(trace, title));
  });
}

export interface StoryHead {
  readonly title: string;
  /** What came of it. */
  readonly ending: string;
  /** When; what is after that does not belong to the story. */
  readonly untilUs: number;
}

/** Writes what led to something as `story.md` and as `space-time.svg`. Returns their paths. */
export function writeStory(directory: string, inventory: Inventory, head: StoryHead): string[] {
  const whole = readTrace(directory, inventory);
  const entries = whole.entries.filter(({ timeUs }) => timeUs <= head.untilUs);
  const trace = { ...whole, entries };
  return [
    put(join(directory, 'story.md'), [storyOf(trace, head)]),
    put(join(directory, formats['space-time'].file), [spaceTime(trace, head.title)]),
  ];
}

function put(path: string, pieces: Iterable<string>): string {
  writeWhole(path, pieces);
  return path;
}
