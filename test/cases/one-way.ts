/** What is promised while messages pass one way only between some, judged on one run. */
import { createRecorder } from '../../analysis/index.js';
import type { Ballot } from '../../core/identity.js';
import type { Observation, ObservationSink } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { deriveBounds } from '../../checker/bounds/index.js';
import { Health } from '../../checker/health/index.js';
import { holderOf } from '../../checker/health/holding.js';
import { buildInventory, type Inventory } from '../../experiment/inventory.js';
import type { ResolvedScenario } from '../../experiment/scenario/index.js';
import { runSimulation } from '../../sim/index.js';

/** The role goes to another node so often at most, by each beginning or end of such a fault. */
const changesPerTurn = 2;
const lookUs = 1e6;

/** How often the role went to another node, and the longest that a resource was unmanaged. */
export interface OneWayConduct {
  readonly changes: number;
  /** Beginnings and ends of cuts, and other faults that hit managers, after the first election. */
  readonly turns: number;
  readonly unmanagedUs: number;
  readonly boundUs: number;
  /** Managers with a link that passes one way only, at most. */
  readonly deaf: number;
  readonly messages: number;
  readonly broken: readonly string[];
  readonly healthy: boolean;
}

/** Null: all is right; else what is not. */
export async function oneWayFlaw(scenario: ResolvedScenario): Promise<string | null> {
  const { changes, turns, unmanagedUs, boundUs, broken, healthy } = await conductOf(scenario);
  if (broken.length > 0) return `broken: ${broken.join(', ')}`;
  if (changes > changesPerTurn * turns) return `${changes} changes of the role by ${turns} turns`;
  if (unmanagedUs > boundUs) return `a resource was unmanaged for ${unmanagedUs / 1e6} s`;
  return healthy ? null : 'not healthy in the end';
}

export async function conductOf(scenario: ResolvedScenario): Promise<OneWayConduct> {
  const inventory = buildInventory(scenario);
  const recorder = createRecorder(scenario, inventory);
  const bounds = deriveBounds(scenario);
  const watch = new OneWayWatch(inventory, new Health(inventory, bounds));
  const result = await runSimulation(scenario, inventory, {
    sinks: [...recorder.sinks, watch],
    samplePeriodUs: recorder.samplePeriodUs,
    sample: (timeUs, counters) => recorder.sample(timeUs, counters),
    progress: () => true,
  });
  const { summary } = recorder.finish(result);
  return {
    changes: watch.changes,
    turns: watch.turns,
    unmanagedUs: watch.longestUs,
    boundUs: bounds.oneWayManagedUs(watch.deaf) ?? Infinity,
    deaf: watch.deaf,
    messages: summary.messages.sent,
    broken: summary.invariants.broken.map(({ name }) => name),
    healthy: summary.final.healthy,
  };
}

class OneWayWatch implements ObservationSink {
  changes = 0;
  turns = 0;
  longestUs = 0;
  /** Managers with a link that passes one way only, at most. */
  deaf = 0;
  readonly #inventory: Inventory;
  readonly #health: Health;
  #coordinator: Address = -1;
  #ballot: Ballot | null = null;
  #lookedUs = 0;
  /** Since when each resource has been without a manager though it should have one. */
  readonly #sinceUs: Float64Array;

  constructor(inventory: Inventory, health: Health) {
    this.#inventory = inventory;
    this.#health = health;
    this.#sinceUs = new Float64Array(inventory.resources).fill(-1);
  }

  observe(timeUs: number, process: Address, observation: Observation): void {
    this.#health.observe(timeUs, process, observation);
    if (observation.type === 'coordinator-elected') {
      if (this.#coordinator !== -1 && this.#coordinator !== process) this.changes += 1;
      this.#coordinator = process;
      this.#ballot = observation.ballot;
    } else if (observation.type === 'reachability') {
      if (this.#ballot !== null) this.turns += 1;
      this.#countDeaf();
    } else if (observation.type === 'process-down' && process < this.#inventory.managers) {
      this.turns += 1;
    }
    if (timeUs - this.#lookedUs < lookUs) return;
    this.#lookedUs = timeUs;
    this.#look(timeUs);
  }

  #countDeaf(): void {
    const { reachability } = this.#health.truth;
    let deaf = 0;
    const { managers, agents } = this.#inventory;
    for (let manager = 0; manager < managers; manager += 1) {
      for (let other = 0; other < managers + agents; other += 1) {
        if (other === manager || reachability.reach(manager, other)) continue;
        deaf += 1;
        break;
      }
    }
    this.deaf = Math.max(this.deaf, deaf);
  }

  #look(timeUs: number): void {
    const { truth } = this.#health;
    const { processes, reachability, actingManagers } = truth;
    const { managers, agentOf } = this.#inventory;
    const leaders = actingManagers.filter((manager) => processes.isLive(manager));
    const led: Address[] = [];
    for (let manager = 0; manager < managers; manager += 1) {
      const isLed = leaders.some((leader) =>
        leader === manager || reachability.reach(manager, leader));
      if (processes.isLive(manager) && isLed) led.push(manager);
    }
    for (let resource = 0; resource < this.#sinceUs.length; resource += 1) {
      const agent = agentOf[resource];
      const should = truth.isResourceLive(resource) &&
        led.some((manager) => reachability.reach(manager, agent));
      if (!should || holderOf(truth, resource) !== -1) this.#sinceUs[resource] = -1;
      else if (this.#sinceUs[resource] === -1) this.#sinceUs[resource] = timeUs;
      else this.longestUs = Math.max(this.longestUs, timeUs - this.#sinceUs[resource]);
    }
  }
}

/** Cases that are judged so. */
export const oneWayCases = [
  'deaf-manager', 'duel', 'triangle', 'two-managers', 'deaf-group', 'deaf-agents',
  'deaf-to-agents',
] as const;
