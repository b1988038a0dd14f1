import type { Address } from '../../core/process.js';
import type { FaultAction } from '../scenario/resolved.js';
import type { ClockFault, FaultControls } from '../world.js';

type HostAction = Extract<FaultAction, { kind: 'clock' | 'slow' }>;

/** Wrong clocks and slow hosts, which may overlap: what they amount to together. */
export class HostFaults {
  private readonly controls: FaultControls;
  /** By host, and by the number of the fault. */
  private readonly clocks = new Map<Address, Map<number, ClockFault>>();
  private readonly slowness = new Map<Address, Map<number, number>>();

  constructor(controls: FaultControls) {
    this.controls = controls;
  }

  begin(fault: number, action: HostAction, hosts: Iterable<Address>): void {
    for (const host of hosts) {
      if (action.kind === 'clock') {
        const { aheadUs, drift } = action;
        put(this.clocks, host, fault, { aheadUs, drift });
        this.applyClock(host);
      } else {
        put(this.slowness, host, fault, action.factor);
        this.applySlowness(host);
      }
    }
  }

  end(fault: number, action: HostAction, hosts: Iterable<Address>): void {
    for (const host of hosts) {
      if (action.kind === 'clock') {
        this.clocks.get(host)?.delete(fault);
        this.applyClock(host);
      } else {
        this.slowness.get(host)?.delete(fault);
        this.applySlowness(host);
      }
    }
  }

  /** Steps and drifts add up; without any the clock is right again. */
  private applyClock(host: Address): void {
    const faults = [...this.clocks.get(host)!.values()];
    const whole = faults.reduce(
      (sum, { aheadUs, drift }) => ({ aheadUs: sum.aheadUs + aheadUs, drift: sum.drift + drift }),
      { aheadUs: 0, drift: 0 },
    );
    // Several that slow it down do not turn it back.
    const drift = Math.max(whole.drift, SLOWEST);
    this.controls.setClock!(host, faults.length === 0 ? null : { ...whole, drift });
  }

  private applySlowness(host: Address): void {
    const factors = [...this.slowness.get(host)!.values()];
    this.controls.slowHost!(host, factors.reduce((product, factor) => product * factor, 1));
  }
}

const SLOWEST = -0.999;

function put<Value>(
  table: Map<Address, Map<number, Value>>, host: Address, fault: number, value: Value,
): void {
  const faults = table.get(host);
  if (faults === undefined) table.set(host, new Map([[fault, value]]));
  else faults.set(fault, value);
}
