/** Compiled expressions mean what the library says that they mean. */
import fc from 'fast-check';
import t from 'tap';
import { Environment } from '@marcbachmann/cel-js';
import { states, type ResourceState } from '../../../core/metamodel/entity.js';
import { compile } from '../../../core/rules/compile.js';
import { byLibrary } from '../../../core/rules/expression.js';
import {
  EntityView, GroupMetricsView, GroupView, MetricsView,
} from '../../../core/rules/views.js';
import { localFields, type Constant } from '../../../core/rules/vocabulary.js';
import { entity, kinds } from './fixtures.js';

const constants = new Map<string, Constant>([['wanted', 3n], ['limit', 0.5], ['site', 'zone-1']]);
const onEntity = { entity: localFields, group: false, kinds, constants };
const onGroup = { entity: null, group: true, kinds, constants };

function environment(): Environment {
  const made = new Environment({});
  const metrics = { load: 'double', latency: 'double' };
  made.registerType('Metrics', { ctor: MetricsView, fields: metrics });
  made.registerType('GroupMetrics', { ctor: GroupMetricsView, fields: metrics });
  made.registerType('Entity', { ctor: EntityView, fields: {
    name: 'string', kind: 'string', host: 'string', zone: 'string', labels: 'map<string, string>',
    state: 'string', incarnation: 'int', metrics: 'Metrics', hostUp: 'bool', age: 'double',
  } });
  made.registerType('Group', { ctor: GroupView, fields: {
    name: 'string', total: 'int', up: 'int', starting: 'int', stopped: 'int', down: 'int',
    mean: 'GroupMetrics', sum: 'GroupMetrics',
  } });
  for (const [name, value] of constants) {
    const number = typeof value === 'number' ? 'double' : 'string';
    const type = typeof value === 'bigint' ? 'int' : number;
    made.registerConstant(name, type, value);
  }
  return made;
}

const comparisons = fc.constantFrom('==', '!=', '<', '<=', '>', '>=');
const equalities = fc.constantFrom('==', '!=');

/** Texts of expressions: of truth, made of the numbers and texts that there are. */
function truths(
  doubles: readonly string[], ints: readonly string[], strings: readonly string[],
  bools: readonly string[],
): fc.Arbitrary<string> {
  const sum = (terms: readonly string[]): fc.Arbitrary<string> => fc.oneof(
    fc.constantFrom(...terms),
    fc.tuple(fc.constantFrom(...terms), fc.constantFrom('+', '-'), fc.constantFrom(...terms))
      .map(([a, op, b]) => `(${a} ${op} ${b})`),
  );
  const atom = fc.oneof(
    fc.tuple(sum(doubles), comparisons, sum(doubles)).map((parts) => parts.join(' ')),
    fc.tuple(sum(ints), comparisons, sum(ints)).map((parts) => parts.join(' ')),
    fc.tuple(fc.constantFrom(...strings), equalities, fc.constantFrom(...strings))
      .map((parts) => parts.join(' ')),
    fc.constantFrom(...strings).map((text) => `${text} in ["up", "zone-1", "a"]`),
    fc.constantFrom('true', 'false', ...bools),
  );
  return fc.letrec<{ truth: string }>((tie) => ({
    truth: fc.oneof({ depthSize: 'small', withCrossShrink: true },
      atom,
      fc.tuple(tie('truth'), fc.constantFrom('&&', '||'), tie('truth'))
        .map(([a, op, b]) => `(${a} ${op} ${b})`),
      tie('truth').map((one) => `!(${one})`)),
  })).truth;
}

const aboutEntities = truths(
  ['entity.metrics.load', 'entity.metrics.latency', 'entity.age', 'limit', '0.0', '0.5',
    '2.0 * 0.25'],
  ['entity.incarnation', 'wanted', '0', '2'],
  ['entity.state', 'entity.zone', 'entity.kind', 'entity.labels.group', 'site', '"up"', '"a"'],
  ['entity.hostUp'],
);
const aboutGroups = truths(
  ['group.mean.load', 'group.sum.load', 'limit', '0.5'],
  ['group.up', 'group.starting', 'group.stopped', 'group.down', 'group.total', 'wanted', '1'],
  ['group.name', 'site', '"a"'], [],
);

const someEntity = fc.record({
  state: fc.constantFrom<ResourceState>(...states), incarnation: fc.nat(4),
  metrics: fc.option(fc.tuple(fc.constantFrom(0, 0.25, 0.5, 1), fc.constantFrom(0, 0.5, NaN))),
  group: fc.constantFrom('a', 'up', undefined), isHostUp: fc.boolean(),
});

t.test('on entities, with values that are missing', (t) => {
  const world = environment().registerVariable('entity', 'Entity');
  fc.assert(fc.property(aboutEntities, someEntity, (text, { group, isHostUp, ...change }) => {
    const view = new EntityView(() => 500_000);
    view.show(entity(1, { ...change, ...(group && { group }) }), ['load', 'latency'], isHostUp);
    const parsed = world.parse(text);
    t.equal(parsed.check().error, undefined);
    const compiled = compile(parsed.ast, onEntity);
    if (compiled === null) throw new Error(`${text} is not taken over`);
    const variables = { entity: view } as unknown as Parameters<typeof compiled>[0];
    if (compiled(variables) !== byLibrary(parsed)({ entity: view })) {
      throw new Error(`${text}: ${String(compiled(variables))}`);
    }
  }), { numRuns: 1500 });
  t.end();
});

t.test('on groups', (t) => {
  const world = environment().registerVariable('group', 'Group');
  const counts = fc.record({
    up: fc.nat(4), starting: fc.nat(2), stopped: fc.nat(2), down: fc.nat(4),
    unknown: fc.nat(2), unreachable: fc.nat(2),
  });
  const means = fc.option(fc.constantFrom(0, 0.5, 1), { nil: undefined });
  fc.assert(fc.property(aboutGroups, counts, means, (text, of, mean) => {
    const view = new GroupView();
    view.show({ name: 'a', counts: of, mean: () => mean, sum: () => 2 });
    const parsed = world.parse(text);
    t.equal(parsed.check().error, undefined);
    const compiled = compile(parsed.ast, onGroup);
    if (compiled === null) throw new Error(`${text} is not taken over`);
    const variables = { group: view } as unknown as Parameters<typeof compiled>[0];
    if (compiled(variables) !== byLibrary(parsed)({ group: view })) {
      throw new Error(`${text}: ${String(compiled(variables))}`);
    }
  }), { numRuns: 1500 });
  t.end();
});

t.test('what might mean something else is left to the library', (t) => {
  const world = environment().registerVariable('entity', 'Entity');
  for (const text of ['entity.incarnation * 2 > 3', 'entity.incarnation > 9007199254740993',
    'entity.name.startsWith("a")', 'entity.name < "b"', 'size(entity.name) > 2',
    'entity.hostUp ? true : false', 'has(entity.labels.group)']) {
    t.equal(compile(world.parse(text).ast, onEntity), null, text);
  }
  t.end();
});
