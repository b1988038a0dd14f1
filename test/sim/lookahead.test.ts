/** Large systems read ahead what they are about to need; only how long a run takes may change. */
import t from 'tap';
import { buildInventory } from '../../experiment/inventory.js';
import { parseScenario } from '../../experiment/scenario/index.js';
import { runSimulation } from '../../sim/index.js';
import { quietHooks } from './world/fixture.js';

const text = (queue: string): string => `
name: many
duration: 25s
engine: { queue: ${queue} }
system:
  managers: 40
  resources: [{ kind: service, count: 20000, perHost: 10 }]
  kinds: { service: {} }
faults:
  - random: { lifetime: { exponential: 1000s } }
    crash: { each: resources }
    repairAfter: { exponential: 5s }
  - at: 15s
    crash: { managers: 4 }
    repairAfter: 4s
`;

void t.test('a run comes to the same whether it looks ahead or not', async (t) => {
  const run = async (queue: string) => {
    const scenario = parseScenario(text(queue), 'many.yaml');
    let read = 0;
    const { digest, eventDigest, counters } = await runSimulation(
      scenario, buildInventory(scenario), quietHooks(), {
        prepare: ({ lookahead }) => {
          t.ok(lookahead, 'large enough');
          const end = lookahead!.end.bind(lookahead);
          lookahead!.end = () => {
            read += 1;
            end();
          };
        },
      },
    );
    return { digest, eventDigest, counters, read };
  };
  const { read, ...ahead } = await run('wheel');
  const { read: none, ...plain } = await run('heap');
  t.ok(read > 1_000, `${read} looks`);
  t.equal(none, 0);
  t.same(ahead, plain);
});
