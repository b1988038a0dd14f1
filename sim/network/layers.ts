import type { Address } from '../../core/process.js';
import type { ImpairmentName, ImpairmentOf, Layer } from '../../experiment/impairments/index.js';

/** The impairments of one kind that are in force: for each message one of them counts. */
export class Layers<Kind extends ImpairmentName> {
  private readonly kind: Kind;
  private layers: readonly { settings: ImpairmentOf<Kind>; hosts: Uint8Array | null }[] = [];

  constructor(kind: Kind) {
    this.kind = kind;
  }

  /** Takes those of its kind, a later one before an earlier one. */
  set(layers: readonly Layer[]): void {
    this.layers = layers
      .filter(({ impairment }) => impairment.kind === this.kind)
      .map(({ impairment, hosts }) => ({ settings: impairment as ImpairmentOf<Kind>, hosts }));
  }

  get none(): boolean {
    return this.layers.length === 0;
  }

  /** What counts for messages between the two; null: nothing does. */
  between(sender: Address, receiver: Address): ImpairmentOf<Kind> | null {
    for (let index = this.layers.length - 1; index >= 0; index -= 1) {
      const { settings, hosts } = this.layers[index];
      if (hosts === null || hosts[sender] === 1 || hosts[receiver] === 1) return settings;
    }
    return null;
  }
}
