import type { FaultAction } from '../scenario/resolved.js';
import type { FaultControls } from '../world.js';

/** Partitions and losses under way, which may overlap: what they amount to together. */
export class LinkFaults {
  private readonly controls: FaultControls;
  private readonly zones: number;
  /** In the order in which they began. */
  private readonly partitions = new Map<number, readonly (readonly number[])[]>();
  private readonly losses = new Map<number, number>();
  private healed = false;

  constructor(controls: FaultControls, zones: number) {
    this.controls = controls;
    this.zones = zones;
  }

  begin(fault: number, action: FaultAction): void {
    if (action.kind === 'partition') {
      this.partitions.set(fault, action.groups);
      this.applyPartitions();
    } else if (action.kind === 'loss') {
      this.losses.set(fault, action.share);
      this.applyLoss();
    }
  }

  end(fault: number): void {
    if (this.partitions.delete(fault)) this.applyPartitions();
    else if (this.losses.delete(fault)) this.applyLoss();
  }

  /** The network's own loss ends too, for good. */
  heal(): void {
    this.healed = true;
    this.applyLoss();
  }

  /** Zones reach each other when every partition leaves them together. */
  private applyPartitions(): void {
    if (this.partitions.size === 0) return this.controls.setPartition(null);
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
    this.controls.setPartition(groups);
  }

  /** The latest one counts. */
  private applyLoss(): void {
    const share = [...this.losses.values()].at(-1);
    this.controls.setLoss(share ?? (this.healed ? 0 : null));
  }
}
