/** Arbitrary changes of a manager's part of the model. */
import fc from 'fast-check';
import type { Descriptor, ResourceState } from '../../../core/metamodel/entity.js';
import type { Part } from '../../../core/metamodel/part.js';

export type Change =
  | { readonly do: 'add' | 'remove' | 'retoken'; readonly resource: number }
  | {
      readonly do: 'sense';
      readonly resource: number;
      readonly state: ResourceState;
      /** Whether it was started again. */
      readonly again: boolean;
    };

const resource = fc.nat(7);
export const changes: fc.Arbitrary<Change[]> = fc.array(fc.oneof(
  fc.record({
    do: fc.constantFrom('add' as const, 'remove' as const, 'retoken' as const),
    resource,
  }),
  fc.record({
    do: fc.constant('sense' as const),
    resource,
    state: fc.constantFrom<ResourceState[]>('up', 'starting', 'stopped', 'down'),
    again: fc.boolean(),
  }),
), { maxLength: 20 });

const descriptors: readonly Descriptor[] = Array.from({ length: 8 }, (_, index) =>
  Object.freeze({ name: `service-${index}`, kind: 'service', host: 'h', zone: 'z', labels: {} }));

export function descriptorOf(resource: number): Descriptor {
  return descriptors[resource];
}

const ballot = { counter: 1, node: '0'.repeat(32), incarnation: 1, address: 0 };

/** Does to the part what a manager would; a change that makes no sense is none. */
export function change(part: Part, step: Change): void {
  const { resource } = step;
  const row = part.rowOf(resource);
  const token = { ballot, sequence: part.version + 1 };
  if (step.do === 'add') {
    if (row >= 0) return;
    part.add({
      resource, token, agent: 100 + resource, descriptor: descriptorOf(resource),
      state: 'starting', incarnation: part.version, metrics: null,
    });
  } else if (row >= 0) {
    if (step.do === 'sense') {
      part.sense(row, step.state, part.incarnationOf(row) + (step.again ? 1 : 0));
    } else if (step.do === 'retoken') part.retoken(row, token, part.agentOf(row));
    else part.remove(row);
  }
}

/** Everything the part lists, in an order of its own. */
export function partContent(part: Part): string[] {
  const rows = Array.from({ length: part.rows }, (_, row) => row);
  return rows.filter((row) => part.resourceOf(row) >= 0).map((row) => [
    part.resourceOf(row), part.stateOf(row), part.incarnationOf(row), part.tokenOf(row).sequence,
    part.descriptorOf(row).name,
  ].join(' ')).sort();
}
