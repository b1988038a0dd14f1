/** A run's twin: the same seed without faults, to tell what recoveries cost beyond it. */
import { beyondTwin, twinInstants, type RunRecord } from '../analysis/index.js';
import type { Inventory } from '../experiment/inventory.js';
import type { ResolvedScenario } from '../experiment/scenario/index.js';
import type { MessageCounters } from '../experiment/world.js';
import { runSimulation } from '../sim/index.js';

/**
 * The record with what each episode sent beyond its twin; as it is where the scenario asks for
 * none, or where nothing had to be recovered from.
 *
 * @param goOn - called often; false ends the twin, and the run counts as interrupted
 */
export async function besideTwin(
  scenario: ResolvedScenario, inventory: Inventory, record: RunRecord,
  goOn: (events: number) => boolean | Promise<boolean>,
): Promise<RunRecord> {
  const instants = twinInstants(record);
  if (!scenario.measure.twin || record.interrupted || instants.length === 0) return record;
  const sent = new Map<number, number>();
  const left = [...instants];
  const { interrupted } = await runSimulation({ ...scenario, faults: [] }, inventory, {
    sinks: [],
    samplePeriodUs: 0,
    sample: () => {},
    instants: {
      nextUs: () => left[0] ?? Infinity,
      reached: (timeUs, counters) => {
        while (left.length > 0 && left[0] <= timeUs) sent.set(left.shift()!, allSent(counters));
      },
    },
    // What comes after the last episode changes nothing.
    progress: (_timeUs, events) => left.length > 0 && goOn(events),
  });
  if (interrupted && left.length > 0) return { ...record, interrupted: true };
  return beyondTwin(record, sent);
}

function allSent({ sent }: MessageCounters): number {
  return sent.reduce((sum, count) => sum + count, 0);
}
