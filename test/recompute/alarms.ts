/** Crashes, and who noticed them when; and alarms for nothing, with what caused them. */
import type { Ballot } from '../../core/identity.js';
import type { HostCut, LinkHarm } from '../../core/observations.js';
import type { ResolvedScenario } from '../../experiment/scenario/index.js';
import type { Line } from './lines.js';
import type { World } from './world.js';

export interface Tally {
  readonly tookUs: number[];
  missed: number;
  falsePositives: number;
}

const tally = (): Tally => ({ tookUs: [], missed: 0, falsePositives: 0 });

type Target = 'resource' | 'manager' | 'coordinator';

/** By the words of docs/measuring.md. */
export class Alarms {
  readonly byTarget: Readonly<Record<Target, Tally>> = {
    resource: tally(), manager: tally(), coordinator: tally(),
  };
  readonly falseBy = new Map<string, number>();
  readonly #world: World;
  readonly #warmUpUs: number;
  /** Crashes that nobody has noticed yet. */
  readonly #crashed = new Map<string, { readonly timeUs: number; readonly target: Target }>();
  readonly #leaving = new Set<number>();
  readonly #harm: Harm;

  constructor(world: World, scenario: ResolvedScenario) {
    this.#world = world;
    this.#warmUpUs = scenario.warmUpUs;
    this.#harm = new Harm(world, scenario);
  }

  get pending(): number {
    return this.#crashed.size;
  }

  add(line: Line): void {
    const { t, p, type } = line;
    this.#harm.add(line);
    if (type === 'resource-state') this.#resourceTurned(line);
    else if (type === 'resource-suspected') this.#resourceSuspected(line);
    else if (type === 'process-leaving') this.#leaving.add(p);
    else if (type === 'process-down') this.#managerDown(t, p);
    else if (type === 'process-up') this.#missed(`process ${p}`);
    else if (type === 'manager-suspected') this.#managerSuspected(line, line['manager'] as number);
    else if (type === 'coordinator-suspected') {
      this.#managerSuspected(line, (line['ballot'] as Ballot).address);
    }
  }

  #resourceTurned({ t, resource: id, state, incarnation }: Line): void {
    const { pointer, listings, state: before, incarnation: former } =
      this.#world.resources[id as number];
    if (state !== 'down') {
      if (incarnation !== former) this.#missed(`resource ${id as number}`);
      return;
    }
    if (t < this.#warmUpUs || (before !== 'up' && before !== 'stopping')) return;
    // A host takes the pointers with it: who lists the resource watches it all the same.
    const watchers = pointer === null ? [...listings.keys()] : [pointer.manager];
    if (!watchers.some((manager) => this.#world.isLive(manager))) return;
    this.#crashed.set(`resource ${id as number}`, { timeUs: t, target: 'resource' });
  }

  #resourceSuspected(line: Line): void {
    const id = line['resource'] as number;
    if (line['incarnation'] !== this.#world.resources[id].incarnation) return;
    if (this.#noticed(line.t, `resource ${id}`) || !this.#world.isResourceLive(id)) return;
    this.#falsely(line, this.#world.inventory.agentOf[id], 'resource');
  }

  #managerDown(timeUs: number, process: number): void {
    if (!this.#world.isManager(process)) return;
    if (this.#world.processes[process].status === 'down') return;
    if (this.#leaving.delete(process) || timeUs < this.#warmUpUs) return;
    const target = this.#world.acting.has(process) ? 'coordinator' : 'manager';
    this.#crashed.set(`process ${process}`, { timeUs, target });
  }

  #managerSuspected(line: Line, of: number): void {
    if (this.#noticed(line.t, `process ${of}`) || !this.#world.isLive(of)) return;
    this.#falsely(line, of, 'manager');
  }

  #noticed(timeUs: number, what: string): boolean {
    const crash = this.#crashed.get(what);
    if (crash === undefined) return false;
    this.#crashed.delete(what);
    this.byTarget[crash.target].tookUs.push(timeUs - crash.timeUs);
    return true;
  }

  #missed(what: string): void {
    const crash = this.#crashed.get(what);
    if (crash === undefined) return;
    this.#crashed.delete(what);
    this.byTarget[crash.target].missed += 1;
  }

  #falsely({ t, p }: Line, of: number, target: Target): void {
    if (t < this.#warmUpUs || !this.#world.reach(p, of)) return;
    this.byTarget[target].falsePositives += 1;
    const cause = this.#harm.between(t, p, of);
    this.falseBy.set(cause, (this.falseBy.get(cause) ?? 0) + 1);
  }
}

/** A time in which something was amiss; Infinity: it goes on. */
interface Spell {
  untilUs: number;
  readonly amiss: (a: number, b: number) => boolean;
}

/** What kept two from hearing each other, in the longest silence that the timeouts allow. */
class Harm {
  readonly #spells: Readonly<Record<'pause' | 'cut' | 'load' | 'delay' | 'loss', Spell[]>> = {
    pause: [], cut: [], load: [], delay: [], loss: [],
  };
  /** What is amiss from the start to the end, by the scenario. */
  readonly #always = new Set<string>();
  readonly #longestUs: number;
  readonly #zoneOf: ArrayLike<number>;

  constructor(world: World, { coordination, system, network }: ResolvedScenario) {
    const { resources, managers, detection } = coordination;
    const most = 'maxTimeoutUs' in detection ? detection.maxTimeoutUs ?? 0 : 0;
    this.#longestUs = 2 * resources.checkPeriodUs + managers.heartbeatPeriodUs + Math.max(
      most, ...[resources, managers].flatMap((each) => [each.timeoutUs, each.answerTimeoutUs]));
    this.#zoneOf = world.inventory.zoneOf;
    if (system.service.managerUs + system.service.agentUs > 0) this.#always.add('load');
    if (network.loss > 0 || network.impairments.length > 0) this.#always.add('loss');
  }

  add(line: Line): void {
    const { t, p, type } = line;
    const { pause, cut, load, delay, loss } = this.#spells;
    const own = (a: number, b: number): boolean => a === p || b === p;
    if (type === 'process-paused') pause.push({ untilUs: Infinity, amiss: own });
    else if (type === 'process-resumed' || type === 'process-down') end(pause, t, p);
    else if (type === 'clock-set') pause.push({ untilUs: t, amiss: own });
    else if (type === 'host-slowed') {
      end(load, t, p);
      if (line['factor'] as number > 1) load.push({ untilUs: Infinity, amiss: own });
    } else if (type === 'reachability') {
      for (const spell of cut) spell.untilUs = Math.min(spell.untilUs, t);
      cut.push({ untilUs: Infinity, amiss: this.#apart(line) });
    } else if (type === 'links-changed') {
      const harm = line['harm'] as LinkHarm | undefined;
      const lost = (line['loss'] as number | undefined ?? 0) + (harm?.loss ?? 0);
      for (const [spells, isOn] of [
        [loss, lost > 0 || (harm?.bursts.length ?? 0) > 0], [delay, (harm?.delayUs ?? 0) > 0],
      ] as const) {
        for (const spell of spells) spell.untilUs = Math.min(spell.untilUs, t);
        if (isOn) spells.push({ untilUs: Infinity, amiss: () => true });
      }
    }
  }

  between(timeUs: number, a: number, b: number): string {
    for (const [cause, spells] of Object.entries(this.#spells)) {
      const applies = this.#always.has(cause) || spells.some(({ untilUs, amiss }) =>
        untilUs >= timeUs - this.#longestUs && amiss(a, b));
      if (applies) return cause;
    }
    return 'other';
  }

  #apart(line: Line): Spell['amiss'] {
    const cut = line['cut'] as HostCut | undefined;
    const groups = line['groups'] as readonly number[];
    if (cut === undefined) return (a, b) => groups[this.#zoneOf[a]] !== groups[this.#zoneOf[b]];
    const { classOf, classes, passes } = cut;
    return (a, b) => passes[classOf[a] * classes + classOf[b]] !== 1 ||
      passes[classOf[b] * classes + classOf[a]] !== 1;
  }
}

function end(spells: Spell[], timeUs: number, process: number): void {
  for (const spell of spells) {
    if (spell.untilUs === Infinity && spell.amiss(process, process)) spell.untilUs = timeUs;
  }
}
