import type { HostCut } from '../../core/observations.js';
import { cutOf, overlay } from '../cut.js';
import type { Layer } from '../impairments/index.js';
import type { FaultControls } from '../world.js';
import type { LinkEffect } from './link-aims.js';

/** Partitions, losses and impairments under way, which may overlap: what they amount to. */
export class LinkFaults {
  private readonly controls: FaultControls;
  private readonly zones: number;
  private readonly zoneOf: Uint16Array;
  /** In the order in which they began. */
  private readonly partitions = new Map<number, readonly (readonly number[])[]>();
  private readonly cuts = new Map<number, HostCut>();
  private readonly losses = new Map<number, number>();
  private readonly layers = new Map<number, Layer>();
  private healed = false;

  constructor(controls: FaultControls, zones: number, zoneOf: Uint16Array) {
    this.controls = controls;
    this.zones = zones;
    this.zoneOf = zoneOf;
  }

  begin(fault: number, effect: LinkEffect): void {
    switch (effect.kind) {
      case 'groups':
        this.partitions.set(fault, effect.groups);
        return this.applyPartitions();
      case 'cut':
        this.cuts.set(fault, effect.cut);
        return this.applyPartitions();
      case 'loss':
        this.losses.set(fault, effect.share);
        return this.applyLoss();
      case 'layer':
        this.layers.set(fault, effect.layer);
        return this.applyLayers();
    }
  }

  end(fault: number): void {
    if (this.partitions.delete(fault) || this.cuts.delete(fault)) this.applyPartitions();
    else if (this.losses.delete(fault)) this.applyLoss();
    else if (this.layers.delete(fault)) this.applyLayers();
  }

  /** What the network does by itself ends too, for good. */
  heal(): void {
    this.healed = true;
    this.applyLoss();
    this.applyLayers();
  }

  /** Zones reach each other when every partition leaves them together. */
  private applyPartitions(): void {
    const groups = this.partitions.size === 0 ? null : this.groups();
    if (this.cuts.size === 0) return this.controls.setPartition(groups);
    let all: HostCut | null = null;
    for (const cut of this.cuts.values()) all = all === null ? cut : overlay(all, cut);
    if (groups !== null) {
      const classOf = Uint16Array.from(this.zoneOf, (zone) => groups[zone]);
      all = overlay(all!, cutOf(classOf, Math.max(...groups) + 1, (a, b) => a === b));
    }
    this.controls.setCut(all!);
  }

  private groups(): number[] {
    const numbers = new Map<string, number>();
    const groups: number[] = [];
    for (let zone = 0; zone < this.zones; zone += 1) {
      // Zones that a partition does not name stay together: -1.
      const key = [...this.partitions.values()]
        .map((parts) => parts.findIndex((part) => part.includes(zone)))
        .join();
      let number = numbers.get(key);
      if (number === undefined) {
        number = numbers.size;
        numbers.set(key, number);
      }
      groups.push(number);
    }
    return groups;
  }

  /** The latest one counts. */
  private applyLoss(): void {
    const share = [...this.losses.values()].at(-1);
    this.controls.setLoss(share ?? (this.healed ? 0 : null));
  }

  /** The latest one of each kind counts; what is about some hosts goes before what is about all. */
  private applyLayers(): void {
    const layers = [...this.layers.values()];
    const general = layers.filter(({ hosts }) => hosts === null);
    const special = layers.filter(({ hosts }) => hosts !== null);
    this.controls.setImpairments([...general, ...special], this.healed);
  }
}
