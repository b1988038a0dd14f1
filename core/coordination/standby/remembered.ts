/** What managers have told of what their rules keep in mind, for the next holders of resources. */
import { aged, type RuleMemory } from '../../rules/memory.js';
import type { RulesRemember } from '../messages.js';

interface Told {
  readonly memories: readonly RuleMemory[];
  readonly atUs: number;
}

export class Remembered {
  /** By resource; null: nobody has told anything. */
  #told: Map<number, Told> | null = null;

  tell(
    { resources, memories }: Pick<RulesRemember, 'resources' | 'memories'>, nowUs: number,
  ): void {
    const told = new Map(resources.map((resource) => [resource, [] as RuleMemory[]]));
    for (const memory of memories) told.get(memory.resource)?.push(memory);
    for (const [resource, own] of told) {
      if (own.length === 0) this.#told?.delete(resource);
      else (this.#told ??= new Map()).set(resource, { memories: own, atUs: nowUs });
    }
  }

  /** As old as it is by now. */
  of(resource: number, nowUs: number): readonly RuleMemory[] {
    const told = this.#told?.get(resource);
    if (told === undefined) return [];
    const sinceUs = Math.max(0, nowUs - told.atUs);
    return told.memories.map((memory) => aged(memory, sinceUs));
  }

  /** Of which anything was told. */
  resources(): number[] {
    return [...(this.#told?.keys() ?? [])];
  }
}
