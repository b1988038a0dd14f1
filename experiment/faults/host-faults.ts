import type { Address } from '../../core/process.js';

type Apply = (host: Address, values: readonly never[]) => void;

/** What faults make of hosts, which may overlap: their values together say what a host is like. */
export class HostFaults {
  /** By kind of fault, host and number of the fault. */
  readonly #values = new Map<string, Map<Address, Map<number, unknown>>>();

  begin(kind: string, fault: number, hosts: Iterable<Address>, value: unknown, apply: Apply): void {
    for (const host of hosts) {
      const values = this.#of(kind, host);
      values.set(fault, value);
      apply(host, [...values.values()] as never[]);
    }
  }

  end(kind: string, fault: number, hosts: Iterable<Address>, apply: Apply): void {
    for (const host of hosts) {
      const values = this.#of(kind, host);
      values.delete(fault);
      apply(host, [...values.values()] as never[]);
    }
  }

  #of(kind: string, host: Address): Map<number, unknown> {
    let hosts = this.#values.get(kind);
    if (hosts === undefined) this.#values.set(kind, (hosts = new Map()));
    let values = hosts.get(host);
    if (values === undefined) hosts.set(host, (values = new Map()));
    return values;
  }
}
