/** What an agent makes of what it is told of registrations, and tells of those that are over. */
import t from 'tap';
import type { ResourceEnrolled } from '../../../core/coordination/inventory-messages.js';
import type { Token } from '../../../core/identity.js';
import { AgentBench, agentAddress } from './agent-bench.js';
import { ballotOf, config, tokenOf } from './fixtures.js';

type Standing = ResourceEnrolled['entries'][number]['standing'];

class Host extends AgentBench {
  constructor() {
    super(1, config.resources, config.actions, true);
  }

  told(resource: number, standing: Standing, number: Token): void {
    const entries = [{ resource, number, standing }];
    const message = { type: 'resource-enrolled', ballot: ballotOf(9), entries } as const;
    this.world.deliver(1, agentAddress, message);
  }

  get retired(): number[] {
    return this.world.observed('resource-retired').map(({ resource }) => resource);
  }

  /** What it said that it has retired, under which numbers. */
  get said(): unknown[] {
    return this.world.sent.flatMap(({ message }) =>
      message.type === 'resource-retired' ? message.entries : []);
  }
}

t.test('a decommission concerns it by its number, or by a greater one', async (t) => {
  const host = new Host();
  host.told(5, 'registered', tokenOf(2, 5));
  host.told(5, 'decommissioned', tokenOf(1, 7));
  t.same(host.retired, [], 'of what it was long ago');
  host.told(5, 'decommissioned', tokenOf(3, 1));
  t.same(host.retired, [5], 'registered anew, and not told of that');
  host.told(6, 'registered', tokenOf(2, 6));
  host.told(6, 'decommissioned', tokenOf(2, 6));
  t.same(host.retired, [5, 6]);
});

t.test('what is commissioned is another, also if it did not hear of its end', async (t) => {
  const host = new Host();
  host.told(5, 'registered', tokenOf(2, 5));
  host.commission(5);
  host.told(5, 'decommissioned', tokenOf(2, 5));
  t.same(host.retired, []);
  host.told(5, 'registered', tokenOf(2, 8));
  host.told(5, 'decommissioned', tokenOf(2, 8));
  t.same(host.retired, [5]);
});

t.test('who asks after what is retired is told so, and under which number', async (t) => {
  const host = new Host();
  const probe = (): void => {
    const entries = [5, 6].map((resource) => ({ resource, token: tokenOf(4, 1), handle: 0 }));
    host.world.deliver(2, agentAddress, { type: 'agent-probe', ballot: ballotOf(4), entries });
  };
  probe();
  t.same(host.said, [], 'both are its own');
  host.told(5, 'registered', tokenOf(2, 5));
  host.told(5, 'decommissioned', tokenOf(2, 5));
  probe();
  host.told(5, 'registered', tokenOf(4, 3));
  t.same(host.said, [tokenOf(2, 5), tokenOf(4, 3)].map((number) => ({ resource: 5, number })));
});
