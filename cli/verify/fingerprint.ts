/** What a run came to, in so much detail that two that differ show where they begin to. */
import { createHash } from 'node:crypto';
import { createRecorder } from '../../analysis/index.js';
import type { Observation, ObservationSink } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { buildInventory } from '../../experiment/inventory.js';
import type { ResolvedScenario } from '../../experiment/scenario/index.js';
import { EventRecord, runSimulation, type RecordedEvent } from '../../sim/index.js';

const blockSize = 4096;

/** One block of events, and one of observations, to be kept in full; null: none. */
export interface Look {
  readonly events: number | null;
  readonly observations: number | null;
}

export interface Fingerprint {
  readonly digest: string;
  readonly eventDigest: string;
  /** A digest per full block. */
  readonly eventBlocks: readonly string[];
  readonly observationBlocks: readonly string[];
  /** Those of the blocks that were looked at. */
  readonly events: readonly RecordedEvent[];
  /** As lines of JSON. */
  readonly observations: readonly string[];
}

export const noLook: Look = { events: null, observations: null };

/** @param goOn - asked now and then; false stops the run */
export async function fingerprint(
  scenario: ResolvedScenario, look: Look, goOn: () => boolean | Promise<boolean>,
): Promise<Fingerprint> {
  const inventory = buildInventory(scenario);
  const recorder = createRecorder(scenario, inventory);
  const events = new EventRecord(blockSize, look.events === null ? null : {
    from: look.events * blockSize, to: (look.events + 1) * blockSize,
  });
  const observations = new ObservationRecord(look.observations);
  const { digest, eventDigest } = await runSimulation(scenario, inventory, {
    sinks: [...recorder.sinks, observations],
    samplePeriodUs: recorder.samplePeriodUs,
    sample: (timeUs, counters) => recorder.sample(timeUs, counters),
    progress: goOn,
  }, { eventDigest: events });
  return {
    digest: digest!,
    eventDigest: eventDigest!,
    eventBlocks: events.blocks,
    observationBlocks: observations.blocks,
    events: events.events,
    observations: observations.lines,
  };
}

class ObservationRecord implements ObservationSink {
  readonly blocks: string[] = [];
  readonly lines: string[] = [];
  private readonly look: number | null;
  private readonly hash = createHash('sha256');
  private count = 0;

  constructor(look: number | null) {
    this.look = look;
  }

  observe(timeUs: number, process: Address, observation: Observation): void {
    const line = JSON.stringify({ t: timeUs, p: process, ...observation });
    this.hash.update(line);
    if (Math.floor(this.count / blockSize) === this.look) this.lines.push(line);
    this.count += 1;
    if (this.count % blockSize === 0) this.blocks.push(this.hash.copy().digest('hex'));
  }
}
