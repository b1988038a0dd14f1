/** Rules that mind how old what is known is, and how their hosts are. */
import t from 'tap';
import { Ages } from '../../../core/coordination/ages.js';
import type { ResourceState } from '../../../core/metamodel/entity.js';
import { LocalRules, type LocalRule } from '../../../core/rules/index.js';
import { EntityView } from '../../../core/rules/views.js';
import { entity, Recorder, rulesOf } from './fixtures.js';

const second = 1e6;

t.test('the state of a host, by both of its names', async (t) => {
  for (const name of ['entity.host.state', 'entity.hostState']) {
    const [rule] = rulesOf(
      'rules:', '  - name: r', '    scope: local',
      `    when: ${name} == "unreachable" && entity.host == "host-1"`, '    notify: entity.name',
    ).rules;
    const holds = (state: ResourceState): boolean => {
      const view = new EntityView();
      view.show(entity(1, { state }), []);
      return (rule as LocalRule).when({ entity: view });
    };
    t.same((['up', 'down', 'unknown', 'unreachable'] as const).map(holds),
      [false, false, false, true], name);
  }
});

t.test('a local rule fires when what it knows has grown old, each time', async (t) => {
  const world = new (class extends Recorder {
    heardUs = 0;
    ageUs(): number {
      return this.nowUs - this.heardUs;
    }
    override look(resource: number): void {
      rules.update(entity(resource));
    }
  })();
  const rules: LocalRules = new LocalRules(rulesOf('rules:', '  - name: old', '    scope: local',
    '    kind: service', '    when: entity.age > 5.0', '    notify: entity.name',
  ), { timeoutUs: second, retries: 2 }, world);
  const pass = (untilS: number): string[] => {
    for (; world.nowUs <= untilS * second; world.nowUs += second) rules.tick(world.nowUs);
    return world.takeObserved().filter((words) => words.startsWith('notified'));
  };
  rules.update(entity(4));
  t.same(pass(5), []);
  t.equal(pass(9).length, 1, 'once');
  world.heardUs = 10 * second;
  t.same(pass(15), [], 'it was heard');
  t.equal(pass(17).length, 1);
  rules.forget(4);
  t.same(pass(40), []);
});

t.test('what a coordinator knows is as old as the last word of whoever held it', async (t) => {
  const ages = new Ages(100, (resource) => resource === 1 ? 7 : 8);
  t.equal(ages.ageUs(1, false, 150), 50, 'nothing has been told since it took the role');
  ages.heard(7, 160);
  ages.heard(8, 190);
  t.same([1, 2].map((one) => ages.ageUs(one, false, 200)), [40, 10]);
  ages.lost(2, 7);
  ages.heard(7, 210);
  ages.lost(2, 7);
  t.equal(ages.ageUs(2, true, 220), 60, 'nobody listens to it since');
  t.equal(ages.ageUs(3, true, 220), 120);
  ages.told(2);
  t.equal(ages.ageUs(2, false, 220), 30);
});
