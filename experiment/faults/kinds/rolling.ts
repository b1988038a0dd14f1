/** A rolling restart: resources in turn, zone by zone, few at a time, until one does not return. */
import { z } from 'zod';
import type { Observation } from '../../../core/observations.js';
import type { Address } from '../../../core/process.js';
import { SettingError, suggestion } from '../../language/error.js';
import { count, duration, labels as labelsField } from '../../language/fields.js';
import { formatDurationUs as us } from '../../language/units.js';
import type { FaultControls } from '../../world.js';
import type { Terrain } from '../terrain.js';
import type { SerialFault, Steps, Unfolding } from './kind.js';
import { restartWords } from './restart.js';

/** Resources with these labels are restarted in turn, as a deployment does. */
export interface Rolling {
  readonly kind: 'rolling';
  readonly labels: Readonly<Record<string, string>>;
  /** So many of them are down at once at most, whatever took them down. */
  readonly unavailable: number;
  /** From when one is up again until the next takes its place. */
  readonly pauseUs: number;
  /** What is not up again by then ends it: the others are left as they are. */
  readonly timeoutUs: number;
}

const settings = z.strictObject({
  labels: labelsField().describe('Resources that have all of these.'),
  unavailable: count(1).default(1).describe('So many of them down at once at most.'),
  pause: duration().prefault('0s').describe('From one up again until the next.'),
  timeout: duration()
    .prefault('5m')
    .describe('What is not up by then is a failure, at which the rest is left alone.'),
});

export const rolling: SerialFault<Rolling, z.output<typeof settings>> & {
  readonly name: 'rolling';
} = {
  name: 'rolling',
  settings,
  meaning: 'Restarts resources in turn, zone by zone: a deployment. With at.',
  read({ labels, unavailable, pause: pauseUs, timeout: timeoutUs }, { path, system }) {
    const wanted = Object.entries(labels);
    const fits = system.resources.some((group) =>
      wanted.every(([key, text]) => group.labels[key] === text));
    if (wanted.length === 0 || !fits) {
      const known = system.resources.flatMap((group) =>
        Object.entries(group.labels).map(([key, text]) => `${key}: ${text}`));
      const remedy = suggestion(wanted.map(([key, text]) => `${key}: ${text}`).join(', '), known);
      throw new SettingError([...path, 'labels'], 'no resource has these labels', remedy);
    }
    return { kind: 'rolling', labels, unavailable, pauseUs, timeoutUs };
  },
  settingsOf: ({ labels, unavailable, pauseUs, timeoutUs }) => ({
    rolling: { labels, unavailable, pause: us(pauseUs), timeout: us(timeoutUs) },
  }),
  wrongTime: ({ kind }) => kind === 'at' ? null : {
    key: 'time', problem: 'a rolling restart goes on by itself', remedy: 'give it a time with `at`',
  },
  repairedAtOnce: true,
  hits: 'in turn',
  takes: 'life',
  unfold: (action, terrain, controls, steps) => new Rollout(action, terrain, controls, steps),
  words: restartWords,
};

/** What is due: the next one may begin, or one that began should be up again. */
const NEXT = 1;
const FIRST = 2;

class Rollout implements Unfolding {
  readonly #settings: Rolling;
  readonly #controls: FaultControls;
  readonly #terrain: Terrain;
  readonly #steps: Steps;
  /** Zone by zone, within one by number. */
  readonly #order: readonly number[];
  readonly #members: ReadonlySet<number>;
  /** Members that are not up, for whatever reason. */
  readonly #down = new Set<number>();
  /** Restarted and not up yet, with the place in the order. */
  readonly #underWay = new Map<number, number>();
  /** Slots of those that came up a short while ago. */
  #pausing = 0;
  #next = 0;
  #stopped = false;

  constructor(
    settings: Rolling, terrain: Terrain, controls: FaultControls, steps: Steps,
  ) {
    this.#settings = settings;
    this.#terrain = terrain;
    this.#controls = controls;
    this.#steps = steps;
    const wanted = Object.entries(settings.labels);
    const members: number[] = [];
    for (let resource = 0; resource < terrain.resources; resource += 1) {
      const { labels } = terrain.descriptor(resource);
      if (terrain.spare[resource] === 0 && wanted.every(([key, text]) => labels[key] === text)) {
        members.push(resource);
      }
    }
    const zone = (resource: number): number => this.#zoneOf(resource);
    this.#order = members.sort((a, b) => zone(a) - zone(b) || a - b);
    this.#members = new Set(members);
  }

  begin(): void {
    for (const resource of this.#order) {
      if (!this.#controls.isResourceUp(resource)) this.#down.add(resource);
    }
    this.#fill();
  }

  /** No other resource is restarted by it. */
  stop(): void {
    this.#stopped = true;
  }

  /** What {@link Steps.schedule} was told. */
  due(what: number): void {
    if (what >= FIRST) {
      const place = what - FIRST;
      if (this.#underWay.get(this.#order[place]) === place) this.stop();
      return;
    }
    this.#pausing = Math.max(0, this.#pausing - 1);
    this.#fill();
  }

  observe(process: Address, observation: Observation): void {
    if (observation.type === 'process-down') {
      for (const resource of this.#terrain.resourcesOf(process)) this.#lost(resource);
    }
    if (observation.type !== 'resource-state') return;
    const { resource, state } = observation;
    if (state !== 'up') return this.#lost(resource);
    if (!this.#down.delete(resource)) return;
    this.#underWay.delete(resource);
    // Also where another fault took it down: what returns has to prove itself for as long.
    this.#pausing += 1;
    this.#steps.schedule(NEXT, this.#settings.pauseUs);
  }

  #lost(resource: number): void {
    if (this.#members.has(resource)) this.#down.add(resource);
  }

  #fill(): void {
    const { unavailable, timeoutUs } = this.#settings;
    while (!this.#stopped && this.#next < this.#order.length) {
      const place = this.#next;
      const resource = this.#order[place];
      if (this.#down.size + this.#pausing >= unavailable || this.#isAheadOf(resource)) return;
      this.#next += 1;
      if (!this.#controls.isResourceUp(resource)) {
        this.#steps.skipped();
        continue;
      }
      this.#down.add(resource);
      this.#underWay.set(resource, place);
      this.#steps.restart(resource, FIRST + place);
      this.#steps.schedule(FIRST + place, timeoutUs);
    }
  }

  /** Whether the zone before is not done yet. */
  #isAheadOf(resource: number): boolean {
    const zone = this.#zoneOf(resource);
    const [first] = this.#underWay.keys();
    if (first !== undefined && this.#zoneOf(first) !== zone) return true;
    const before = this.#order[this.#next - 1];
    return before !== undefined && this.#zoneOf(before) !== zone && this.#pausing > 0;
  }

  #zoneOf(resource: number): number {
    return this.#terrain.zoneOf[this.#terrain.agentOf[resource]];
  }
}
