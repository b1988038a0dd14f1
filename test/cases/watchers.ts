/** When those who crash are given up by their watchers, in the watchers' running time. */
import { createRecorder } from '../../analysis/index.js';
import type { Address } from '../../core/process.js';
import type { Observation, ObservationSink } from '../../core/observations.js';
import { buildInventory } from '../../experiment/inventory.js';
import type { ResolvedScenario } from '../../experiment/scenario/index.js';
import { runSimulation } from '../../sim/index.js';

interface Death {
  readonly atUs: number;
  readonly manager: Address;
}

interface Disturbance {
  readonly process: Address;
  readonly type: Observation['type'];
  readonly atUs: number;
}

/** Follows who dies, who stands still, whose clock is set, and who suspects whom. */
class Watching implements ObservationSink {
  readonly late: string[] = [];
  readonly #tauUs: number;
  readonly #checkUs: number;
  readonly #managers: number;
  #deaths: Death[] = [];
  readonly #disturbed: Disturbance[] = [];
  #coordinator: Address = -1;

  constructor({ coordination, system }: ResolvedScenario) {
    this.#tauUs = coordination.managers.timeoutUs;
    this.#checkUs = coordination.resources.checkPeriodUs;
    this.#managers = system.managers;
  }

  get missing(): number {
    return this.#deaths.length;
  }

  observe(atUs: number, process: Address, observation: Observation): void {
    const { type } = observation;
    if (type === 'coordinator-elected') this.#coordinator = process;
    if (type === 'process-down' && process < this.#managers && process !== this.#coordinator) {
      this.#deaths.push({ atUs, manager: process });
    }
    if (['process-paused', 'process-resumed', 'clock-set'].includes(type)) {
      this.#disturbed.push({ process, type, atUs });
    }
    if (type === 'manager-suspected') this.#judge(atUs, process, observation.manager);
  }

  #judge(atUs: number, watcher: Address, manager: Address): void {
    const death = this.#deaths.find((one) => one.manager === manager);
    if (death === undefined) {
      this.late.push(`${manager} was suspected alive`);
      return;
    }
    this.#deaths = this.#deaths.filter((one) => one !== death);
    let stalledUs = 0;
    let disturbances = 1;
    let pausedUs = -1;
    for (const { process, type, atUs: thenUs } of this.#disturbed) {
      if (process !== watcher || thenUs > atUs) continue;
      if (thenUs >= death.atUs) disturbances += 1;
      if (type === 'process-paused') pausedUs = thenUs;
      if (type === 'process-resumed') {
        stalledUs += Math.max(0, thenUs - Math.max(pausedUs, death.atUs));
      }
    }
    const runUs = atUs - death.atUs - stalledUs;
    const limitUs = this.#tauUs + this.#checkUs * (1 + disturbances) + 1e6;
    if (runUs > limitUs) this.late.push(`${manager} after ${runUs / 1e6} s of running time`);
  }
}

/** What is wrong; null: everyone who died was given up in time, and nobody else. */
export async function givenUpInTime(scenario: ResolvedScenario): Promise<string | null> {
  const inventory = buildInventory(scenario);
  const recorder = createRecorder(scenario, inventory);
  const watching = new Watching(scenario);
  const result = await runSimulation(scenario, inventory, {
    sinks: [...recorder.sinks, watching],
    samplePeriodUs: recorder.samplePeriodUs,
    sample: (timeUs, counters) => {
      recorder.sample(timeUs, counters);
    },
    instants: recorder.instants,
    progress: () => true,
  });
  const { summary } = recorder.finish(result);
  if (watching.late.length > 0) return watching.late.join(', ');
  if (watching.missing > 0) return `${watching.missing} were never given up`;
  if (summary.invariants.broken.length > 0) return summary.invariants.broken.map(String).join(', ');
  return summary.final.healthy ? null : 'not healthy in the end';
}
