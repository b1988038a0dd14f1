/** Large systems read ahead what they are about to need; only how long a run takes may change. */
import t from 'tap';
import { definePlugin, FixedTimeout } from '../../index.js';
import { buildInventory } from '../../experiment/inventory.js';
import { createRegistry } from '../../checker/plugins.js';
import { parseScenario } from '../../checker/scenario.js';
import { runSimulation } from '../../sim/index.js';
import { quietHooks } from './world/fixture.js';
import { inTime } from '../length.js';

const text = (more: string): string => `
name: many
duration: ${inTime(12, 25)}s
${more}
system:
  managers: 40
  resources: [{ kind: service, count: 20010, perHost: 10 }]
  kinds: { service: {} }
faults:
  - random: { lifetime: { exponential: 1000s } }
    crash: { each: resources }
    repairAfter: { exponential: 5s }
  - every: 2s
    crash: { managers: 8 }
    repairAfter: 500ms
`;

void t.test('a run comes to the same whether it looks ahead or not', async (t) => {
  const run = async (queue: string) => {
    const scenario = parseScenario(text(`engine: { queue: ${queue} }`), 'many.yaml');
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
  t.ok(read > 500, `${read} looks`);
  t.equal(none, 0);
  t.same(ahead, plain);
});

/** Knows nothing of rows that it does not watch. */
class Strict extends FixedTimeout {
  readonly #watched = new Set<number>();

  override watch(row: number, nowUs: number): void {
    this.#watched.add(row);
    super.watch(row, nowUs);
  }

  override forget(row: number): void {
    this.#watched.delete(row);
    super.forget(row);
  }

  override isSuspected(row: number): boolean {
    if (!this.#watched.has(row)) throw new RangeError(`row ${row} is not watched`);
    return super.isSuspected(row);
  }
}

void t.test('nothing is asked of a detector that it need not know', async (t) => {
  const plugin = definePlugin({
    detectors: { strict: { create: (_settings, { timeoutUs }) => new Strict(timeoutUs) } },
  });
  const plugins = createRegistry([{ origin: 'test', plugin }]);
  const scenario = parseScenario(
    text('coordination: { detection: strict }'), 'strict.yaml', { plugins },
  );
  const { interrupted } = await runSimulation(scenario, buildInventory(scenario), quietHooks());
  t.notOk(interrupted);
});
