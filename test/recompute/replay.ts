/**
 * A trace lived through once more, line by line: what was said, what was true, and how the plane
 * stood whenever an instant was over. What is counted is told before it shows in the truth.
 */
import type { Inventory } from '../../experiment/inventory.js';
import type { ResolvedScenario } from '../../experiment/scenario/index.js';
import { Alarms } from './alarms.js';
import { Counts } from './counts.js';
import { Doings } from './doings.js';
import { Elections } from './elections.js';
import { Episodes, type Mark } from './episodes.js';
import { Faults } from './faults.js';
import type { Line } from './lines.js';
import { Means } from './means.js';
import { Plane, type Windows } from './plane.js';
import { Succession } from './succession.js';
import { World } from './world.js';

export interface ReplayOptions {
  readonly scenario: ResolvedScenario;
  readonly inventory: Inventory;
  readonly windows: Windows;
  /** Resources that are not there at first. */
  readonly absent: ReadonlySet<number>;
  readonly endUs: number;
}

export class Replay {
  readonly world: World;
  readonly plane: Plane;
  readonly counts: Counts;
  readonly alarms: Alarms;
  readonly doings: Doings;
  readonly elections: Elections;
  readonly faults: Faults;
  readonly means: Means;
  readonly succession: Succession;
  readonly episodes: Episodes;
  readonly warmUpUs: number;
  readonly #endUs: number;
  #warm = false;
  /** Something was observed in the present instant, which is not over. */
  #observed = true;
  #nowUs = 0;

  constructor({ scenario, inventory, windows, absent, endUs }: ReplayOptions) {
    this.warmUpUs = scenario.warmUpUs;
    this.#endUs = endUs;
    this.world = new World(inventory, windows.registrationUs);
    const { world } = this;
    this.plane = new Plane(world, windows);
    this.counts = new Counts(scenario.warmUpUs);
    this.alarms = new Alarms(world, scenario);
    this.doings = new Doings(world, scenario.warmUpUs);
    this.elections = new Elections(world, scenario.warmUpUs);
    this.faults = new Faults(world, this.plane, scenario.warmUpUs);
    const { warmUpUs } = scenario;
    this.succession = new Succession(warmUpUs);
    this.means = new Means(world, this.plane, warmUpUs, windows.stalenessUs, absent);
    this.episodes = new Episodes(scenario, () => this.elections.settled());
  }

  /** At the end. */
  get healthy(): boolean {
    const { coordinator, managed, model } = this.plane.judge(this.#endUs);
    return coordinator && managed && model;
  }

  get coordinators(): number {
    return [...this.world.acting.keys()].filter((manager) => this.world.isLive(manager)).length;
  }

  line(line: Line): void {
    this.#passTo(line.t);
    this.succession.add(line);
    if (line.type.startsWith('message-') || line.type === 'hosts') {
      this.counts.add(line);
      return;
    }
    this.#observed = true;
    if (disturbs(line, this.world)) this.episodes.disturbed(line.t, this.#mark(line.t));
    this.counts.add(line);
    this.alarms.add(line);
    this.doings.add(line);
    this.elections.add(line);
    this.means.add(line);
    const before = this.faults.before(line);
    this.episodes.add(line, this.world);
    this.world.apply(line);
    this.faults.after(line, before, this.plane.restand(line.t));
  }

  end(): void {
    this.#passTo(this.#endUs);
    this.#judge(this.#endUs);
    this.means.pass(this.#endUs);
    this.elections.settled();
    this.episodes.end(this.#endUs, this.#mark(this.#endUs));
  }

  #passTo(timeUs: number): void {
    if (!this.#warm && timeUs >= this.warmUpUs) {
      this.#warm = true;
      this.#passTo(this.warmUpUs);
      this.episodes.begin(this.#mark(this.warmUpUs));
    }
    for (;;) {
      const nextUs = this.#observed ? this.#nowUs : this.plane.dueUs;
      if (nextUs >= timeUs) break;
      this.#judge(nextUs);
    }
    if (timeUs > this.#nowUs) {
      this.means.pass(timeUs);
      this.episodes.pass(timeUs);
    }
    this.#nowUs = timeUs;
  }

  #judge(timeUs: number): void {
    this.means.pass(timeUs);
    this.episodes.pass(timeUs);
    this.faults.turned(this.plane.restand(timeUs));
    if (this.world.turned) this.elections.judge(timeUs);
    const judged = this.plane.judge(timeUs);
    this.means.judged(judged);
    // What it cost is read when the instant is over.
    const afterUs = Math.min(timeUs + 1, this.#endUs);
    this.means.pass(afterUs);
    this.episodes.judged(judged, () => this.#mark(afterUs));
    this.faults.judged(timeUs, judged.coordinator);
    this.#observed = false;
    this.#nowUs = timeUs;
  }

  #mark(timeUs: number): Mark {
    return { timeUs, ...this.means.lived, sent: this.counts.soFar() };
  }
}

const ofManagers = new Set([
  'process-up', 'process-down', 'process-leaving', 'process-paused', 'process-resumed',
  'clock-set', 'host-slowed',
]);
const ofAll = new Set(['reachability', 'links-changed']);

/** Whether it moves t0. */
export function disturbs({ type, p }: Line, world: World): boolean {
  return ofAll.has(type) || (ofManagers.has(type) && world.isManager(p));
}
