/** The worst that can happen to the coordinator's role: whoever is about to take it dies too. */
import type { Observation, ObservationSink } from '../../core/observations.js';
import { parseScenario } from '../../checker/scenario.js';
import type { ResolvedScenario } from '../../experiment/scenario/index.js';
import type { SimWorld } from '../../sim/index.js';
import type { Check, Finding } from './check.js';
import { simulate, type Simulated } from './simulate.js';

function scenarioOf(seed: number, faults: string): ResolvedScenario {
  return parseScenario(
    `
name: succession
seed: ${seed}
duration: 10m
system:
  managers: 12
  zones: 2
  resources: [{ kind: service, count: 48, perHost: 2 }]
  kinds: { service: {} }
faults: ${faults}
invariants: all
`,
    'succession.yaml',
  );
}

/** Crashes each newly elected coordinator, up to `victims` of them, some calls later. */
class Assassin implements ObservationSink {
  killed = 0;
  world: SimWorld | null = null;
  readonly #calls: number;
  #spared = 1;
  #left: number;

  constructor(victims: number, calls: number) {
    this.#left = victims;
    this.#calls = calls;
  }

  observe(_timeUs: number, process: number, observation: Observation): void {
    if (observation.type !== 'coordinator-elected') return;
    // The first coordinator of the run is the scenario's to crash.
    if (this.#spared > 0) this.#spared -= 1;
    else if (this.#left > 0) {
      this.#left -= 1;
      this.killed += 1;
      this.world?.crashInside(process, this.#calls);
    }
  }
}

interface Tally {
  runs: number;
  unhealthy: number[];
  broken: string[];
  worst: number;
}

function add(tally: Tally, seed: number, { record, recorder }: Simulated): void {
  const { summary } = record;
  tally.runs += 1;
  if (!summary.final.healthy || summary.recovery.censored > 0) tally.unhealthy.push(seed);
  for (const { name, broken } of recorder.invariants) {
    if (broken !== null) tally.broken.push(`${name} (seed ${seed})`);
  }
  for (const { settle_s: settle, bound_s: bound } of record.episodes) {
    if (settle !== null && bound !== null) tally.worst = Math.max(tally.worst, settle / bound);
  }
}

function findingOf(what: string, tally: Tally): Finding {
  const { runs, unhealthy, broken, worst } = tally;
  const bad = [...broken, ...unhealthy.map((seed) => `unhealthy (seed ${seed})`)];
  return {
    what,
    measured:
      bad.length === 0
        ? `${runs} runs recovered, worst settle/B ${worst.toFixed(2)}`
        : bad.slice(0, 3).join(', '),
    wanted: 'all recover within B, no invariant broken',
    ok: bad.length === 0 && worst <= 1,
  };
}

const none = (): Tally => ({ runs: 0, unhealthy: [], broken: [], worst: 0 });

export const succession: Check = async (scale, progress) => {
  const seeds = scale === 'long' ? 40 : 2;
  const line = none();
  for (let seed = 1; seed <= seeds; seed += 1) {
    progress(`coordinator and the next three, seed ${seed}`);
    const faults = '[{ at: 3m, crash: [coordinator, { successors: 3 }], repairAfter: 4m }]';
    add(line, seed, await simulate(scenarioOf(seed, faults)));
  }
  const rebuilding = none();
  let killed = 0;
  for (let seed = 1; seed <= seeds; seed += 1) {
    progress(`new coordinator while it rebuilds, seed ${seed}`);
    // Later and later in its first deeds: storing, announcing, collecting the managers' parts.
    const assassin = new Assassin(2, 1 + 3 * (seed - 1));
    const faults = '[{ at: 3m, crash: coordinator, repairAfter: 4m }]';
    const run = await simulate(scenarioOf(seed, faults), {
      sinks: () => [assassin],
      prepare: (world) => {
        assassin.world = world;
      },
    });
    killed += assassin.killed;
    add(rebuilding, seed, run);
  }
  return [
    findingOf('coordinator and the next three in line crash together', line),
    findingOf(`the new coordinator crashes while it rebuilds (${killed} killed)`, rebuilding),
  ];
};
