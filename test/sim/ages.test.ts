/** A global rule picks what its coordinator has not heard of for long: what a dead manager held. */
import t from 'tap';
import { toldIn } from '../soak/forgotten.js';

const scenario = `
name: ages
duration: 150s
system: { managers: 4, zones: 2, resources: [{ kind: service, count: 12, labels: { group: g } }] }
rules:
  - file: r.yaml
    text: |
      rules:
        - name: stale
          scope: global
          when: group.total > 0
          pick: entity.age > 21.0 && entity.host.state == "up"
          do: stop
faults: [{ at: 100s, crash: { fullest: 1 } }]
`;

void t.test('what a dead manager held grows old', async (t) => {
  const { told } = await toldIn(scenario, 3);
  const holder = new Map<number, number>();
  let dead = -1;
  const stopped: number[] = [];
  for (const { timeUs, process, what } of told) {
    if (what.type === 'listing-added' && dead === -1) holder.set(what.resource, process);
    if (what.type === 'process-down') dead = process;
    if (what.type !== 'actuated') continue;
    stopped.push(what.resource);
    const sinceS = timeUs / 1e6 - 100;
    t.ok(sinceS > 11 && sinceS < 23, `${sinceS} s after its last heartbeat or a period later`);
  }
  const held = [...holder].filter(([, manager]) => manager === dead).map(([one]) => one);
  t.ok(held.length >= 3);
  t.same(stopped.sort((a, b) => a - b), held.sort((a, b) => a - b));
});
