import t from 'tap';
import { z } from 'zod';
import type { Observation } from '../../../core/observations.js';
import { Health } from '../../../checker/health/index.js';
import { builtInInvariants, createInvariants, Watch } from '../../../checker/invariants/index.js';
import { createRegistry, definePlugin } from '../../../checker/plugins.js';
import { parseScenario } from '../../../checker/scenario.js';
import type { Break } from '../../../experiment/invariant.js';
import { toYaml } from '../../../experiment/scenario/index.js';
import { ballot, Script, token } from '../health/world.js';
import { act, b1, b2, bounds, broken, inventory, sound } from './fixture.js';

t.test('all hold on a sound sequence', async (t) => {
  for (const [name, { description }] of Object.entries(builtInInvariants)) {
    t.equal(broken(name, sound()), null, name);
    t.match(description, /^[A-Z].*\.$/);
  }
});

/** Name of the invariant, a sequence that breaks it, when, and what it says. */
type Planted = readonly [string, Script, number, RegExp];

/** Of the coordinators, the actuators and the model. */
const unsafe = (): readonly Planted[] => [
  [
    'one-coordinator-per-ballot',
    sound().at(600).see(2, { type: 'coordinator-elected', ballot: b2 }),
    600,
    /taken by manager-2 and then by manager-3/,
  ],
  [
    'one-coordinator-per-ballot',
    sound().at(600).down(1).at(610).up(1).elect(1, { ...b2 }),
    610,
    /manager-2 again, restarted/,
  ],
  ['no-action-twice', sound().at(600).see(3, act('restart', 0, 2, token(b2, 1))), 600, /web-1/],
  ['model-never-invents', sound().at(600).show(1, 0, 'up', 4), 600, /web-1 up in life 4/],
  ['model-never-invents', sound().at(600).show(1, 0, 'starting', 0), 600, /never was/],
  ['model-never-invents', sound().at(600).show(1, 0, 'up', 2), 600, /up in life 2/],
  ['model-never-invents', sound().at(600).show(1, 1, 'up', 0), 600, /web-2 up in life 0/],
  [
    'model-never-goes-back',
    sound().at(600).show(1, 0, 'down', 1),
    600,
    /the model of manager-2 shows web-1 in life 1 after life 3/,
  ],
  [
    'ballots-only-grow',
    sound().at(600).acknowledge(b1, 2),
    600,
    /manager-3 acknowledges ballot 1.* after 2/,
  ],
  [
    'ballots-only-grow',
    sound().at(600).see(2, { type: 'coordinator-elected', ballot: ballot(2, 2) }),
    600,
    /manager-3 takes ballot 2/,
  ],
];

/** Of the agents and managers. */
const disobedient = (): readonly Planted[] => [
  [
    'no-orders-of-the-deposed',
    sound().at(600).hold(4, 1, 2, token(b1, 9)),
    600,
    /manager-3 lists web-2 under ballot 1.* although it acknowledges 2/,
  ],
  [
    'no-obedience-to-the-deposed',
    sound().at(600).see(4, { type: 'ballot-heard', ballot: b2 }).at(610)
      .hold(4, 1, 0, token(b1, 5)),
    610,
    /web-2's assignment under ballot 1.* heard of 2/,
  ],
  [
    'no-obedience-to-the-deposed',
    sound().at(600).hold(3, 0, 0, token(b1, 1)),
    600,
    /older than the last/,
  ],
  [
    'no-obedience-to-the-deposed',
    sound().at(600).see(3, act('stop', 0, 3, token(b1, 0))),
    600,
    /host-1 carries out a stop of web-1 under ballot 1/,
  ],
  [
    'no-obedience-to-the-deposed',
    sound().at(600).see(3, act('restart', 0, 3, token(b1, 1))),
    600,
    /an assignment that is over/,
  ],
];

/** Of coordinators that order what is not needed, and of agents that wait too long. */
const needless = (): readonly Planted[] => [
  [
    'no-needless-reassignment',
    sound().at(600).hold(4, 1, 1, token(b2, 3)).at(700).hold(4, 1, 2, token(b2, 7)),
    740,
    /web-2 went from manager-2 to manager-3 at 0.0 s for no reason/,
  ],
  [
    'dead-managers-given-up',
    sound().at(600).down(2).at(631).see(3, { type: 'pointer-lost', resource: 0, why: 'silent' }),
    631,
    /web-1 has obeyed manager-3, which is down, for 0.0 s/,
  ],
  ['dead-managers-given-up', sound().at(600).down(2), 1000, /web-1 has obeyed manager-3/],
];

t.test('a change of managers with a reason is not needless', async (t) => {
  const changed = (script: Script): Script => script.at(900).hold(4, 1, 2, token(b2, 7));
  const well = (): Script => sound().at(700).hold(4, 1, 1, token(b2, 3)).at(800);
  const holds = (script: Script, why: string): void => {
    t.equal(broken('no-needless-reassignment', script), null, why);
  };
  t.ok(broken('no-needless-reassignment', changed(well())), 'without one it is');
  const moved: Observation = {
    type: 'resource-moved', resource: 1, from: 1, to: 2, why: 'balance',
  };
  holds(changed(well()).at(930).see(1, moved), 'moved');
  holds(changed(well()).at(930).down(2), 'the next one fails before that would have shown');
  const forgot: Observation = { type: 'model-forgot', resource: 1 };
  holds(changed(well()).at(930).see(1, forgot), 'decommissioned before that');
  t.ok(broken('no-needless-reassignment', changed(well()).at(930).see(2, forgot)),
    'by whoever gave the token');
  const lost: Observation = { type: 'pointer-lost', resource: 1, why: 'silent' };
  holds(changed(well().see(4, lost)), 'given up');
  holds(changed(well().see(1, { type: 'listing-removed', resource: 1 })), 'let go');
  holds(changed(well().see(1, { type: 'manager-suspected', manager: 2 })), 'suspected');
  holds(changed(well().see(1, { type: 'coordinator-resigned', ballot: b2, successor: b1 })),
    'of one who is no longer in office');
  holds(well().at(900).hold(4, 1, 2, token({ ...b2, counter: 3 }, 1)), 'by another ballot');
  const links = (delayUs: number): Observation => {
    const harm = { loss: 0, bursts: [], delayUs, bitsPerSecond: null };
    return { type: 'links-changed', harm };
  };
  holds(changed(well().see(-1, links(3e7))), 'while messages are late');
  const vain: Observation = { type: 'mark', name: 'order that was never carried out' };
  const lossy = (): Script => well().see(-1, { type: 'links-changed', loss: 0.2 }).at(850)
    .see(-1, { type: 'links-changed', loss: 0 }).at(890);
  holds(changed(lossy().see(1, vain)), 'orders may have been lost');
  t.ok(broken('no-needless-reassignment', changed(lossy())), 'which the coordinator would tell');
  t.ok(broken('no-needless-reassignment', changed(well().see(1, vain))), 'but nothing was lost');
  holds(changed(well().see(-1, links(3e7)).at(880).see(-1, links(0))), 'soon after that');
});

t.test('patience begins with the last that speaks for the manager', async (t) => {
  const lost: Observation = { type: 'pointer-lost', resource: 0, why: 'silent' };
  const holds = (script: Script, why: string): void => {
    t.equal(broken('dead-managers-given-up', script.see(3, lost)), null, why);
  };
  holds(sound().at(600).down(2).at(630), 'in time');
  holds(sound().at(600).down(2).at(625).up(2).at(650).down(2).at(660), 'it was back meanwhile');
  holds(sound().at(600).down(2).at(620).hold(3, 0, 2, token(b2, 9)).at(645), 'offered late');
  holds(sound().at(600).down(2).see(3, { type: 'process-paused' }).at(700)
    .see(3, { type: 'process-resumed' }).at(720), 'the agent stood still');
  holds(sound().at(600).down(2).state(3, 0, 'down', 3).at(700), 'it has nothing to ask it');
  const harm = { loss: 0, bursts: [], delayUs: 70, bitsPerSecond: null };
  const probed = (...later: number[]): Script => {
    const script = sound().at(580).see(-1, { type: 'links-changed', harm });
    for (const manager of [2, ...later]) {
      script.see(manager, { type: 'resource-suspected', resource: 0, incarnation: 3 });
    }
    return script.at(600).down(2);
  };
  holds(probed().at(700), 'its probe may have come late');
  holds(probed(1).at(700), 'whoever else suspected it since');
  const at = (script: Script, timeUs: number): Break | null =>
    broken('dead-managers-given-up', script.at(timeUs).see(3, lost));
  t.equal(at(probed(), 701)?.timeUs, 701, 'no probe comes later than that');
  t.equal(at(sound().at(580).see(-1, { type: 'links-changed', harm }).at(600).down(2), 631)?.timeUs,
    631, 'a late answer shows no present');
});

/** Of what must be in due time. */
const unlively = (): readonly Planted[] => [
  [
    'healthy-within-bound',
    sound().at(600).down(1).at(650).up(1).at(751).see(2, { type: 'mark', name: 'late' }),
    750,
    /still unhealthy 0.0 s after 1 lost, 1 returned: none of 3 managers is coordinator/,
  ],
  [
    'healthy-within-bound',
    sound().at(700).see(3, { type: 'pointer-lost', resource: 0, why: 'unknown' }),
    700,
    /of its own accord: 1 live resource not held/,
  ],
  [
    'live-resources-managed',
    sound().at(700).see(3, { type: 'pointer-lost', resource: 0, why: 'unknown' }),
    1000,
    /at the end 1 live resource not held: web-1 has no manager/,
  ],
];

t.test('each breaks on its violation, and keeps the first', async (t) => {
  const planted = [...unsafe(), ...disobedient(), ...needless(), ...unlively()];
  for (const [name, script, timeUs, explanation] of planted) {
    script.at(990).see(2, { type: 'mark', name: 'the end is near' });
    const found = broken(name, script);
    t.equal(found?.timeUs, timeUs, `${name}: ${found?.explanation}`);
    t.match(found?.explanation, explanation);
  }
});

t.test('a token that an agent obeys stays good under a later coordinator', async (t) => {
  const script = sound().at(600).see(4, { type: 'ballot-heard', ballot: b2 });
  script.see(4, act('start', 1, 0, token(b1, 2)));
  script.see(4, { type: 'pointer-lost', resource: 1, why: 'silent' });
  script.hold(4, 1, 1, token(b1, 2));
  t.equal(broken('no-obedience-to-the-deposed', script), null);
});

t.test('an agent that restarts has heard of nothing yet', async (t) => {
  const script = sound().at(600).see(4, { type: 'ballot-heard', ballot: b2 });
  script.at(610).down(4).at(620).up(4).hold(4, 1, 1, token(b1, 1));
  t.equal(broken('no-obedience-to-the-deposed', script), null);
});

t.test('nothing is due while nothing is promised', async (t) => {
  const lossy = sound().at(600).down(1).see(-1, { type: 'links-changed', loss: 0.3 });
  t.equal(broken('healthy-within-bound', lossy), null);
  t.equal(broken('live-resources-managed', lossy), null);
  const healed = lossy.at(700).see(-1, { type: 'links-changed', loss: 0 });
  t.equal(broken('healthy-within-bound', healed)?.timeUs, 800);
  t.equal(broken('healthy-within-bound', sound().at(600).down(0, 1, 2)), null);
  t.equal(broken('healthy-within-bound', sound().at(950).down(1)), null, 'not yet due');
});

t.test('what happens elsewhere does not move a deadline', async (t) => {
  const groups = (...of: number[]): Observation => ({ type: 'reachability', groups: of });
  const late = (script: Script): number | undefined =>
    broken('healthy-within-bound', script)?.timeUs;
  const cut = (): Script => sound().at(600).see(-1, groups(0, 1));
  t.equal(late(cut()), 700, 'one half has no coordinator');
  t.equal(late(cut().at(650).down(1)), 700, 'what the other half loses is its own affair');
  t.equal(late(cut().at(650).down(2)), 750, 'what it loses itself is not');
  t.equal(late(cut().at(650).see(-1, groups(0, 0)).at(690).see(-1, groups(0, 1))), 790);
  t.equal(late(sound().at(600).see(-1, groups(1, 1)).down(1)), 700,
    'what comes with a change of who reaches whom counts as well');
  t.equal(late(sound().at(600).down(1).at(650).see(3, { type: 'host-slowed', factor: 3 })), 700,
    'the pace of an agent matters to its own resources alone');
  const slow = (): Script => sound().at(600).see(3, { type: 'host-slowed', factor: 3 })
    .at(610).see(3, { type: 'pointer-lost', resource: 0, why: 'silent' });
  t.equal(late(slow()), undefined, 'which count again when it is as it was, and has had time');
  t.equal(late(slow().at(700).see(3, { type: 'host-slowed', factor: 1 })), 800);
});

t.test('what a live run\'s processes stood still for is nobody\'s lateness', async (t) => {
  // A change at 700 that shows after 50 is in time; processes stand still from 720 to 740.
  const stalledSinceUs = (timeUs: number): number => Math.max(0, 740 - Math.max(720, timeUs));
  const shown = (timeUs: number): Script => sound().at(700).state(3, 0, 'stopped', 3)
    .at(timeUs).show(1, 0, 'stopped', 3);
  const late = (timeUs: number, stalled?: typeof stalledSinceUs): number | undefined =>
    broken('healthy-within-bound', shown(timeUs), 1000, undefined, stalled)?.timeUs;
  t.equal(late(749, stalledSinceUs), undefined);
  t.equal(late(765), 750);
  t.equal(late(765, stalledSinceUs), undefined);
  t.equal(late(775, stalledSinceUs), 770);
});

const quick = definePlugin({
  invariants: {
    quick: {
      description: 'Marks are made before `within` microseconds have passed.',
      settings: z.strictObject({ within: z.number().default(100) }),
      create: (settings, context) => new Quick((settings as { within: number }).within, context),
    },
  },
});

class Quick extends Watch {
  readonly hears = ['mark'] as const;

  readonly #within: number;

  constructor(within: number, context: Watch['context']) {
    super(context);
    this.#within = within;
  }

  observe(timeUs: number): void {
    if (timeUs > this.#within) this.break(timeUs, 'a late mark');
  }
}

t.test('users add their own by the door of those that come along', async (t) => {
  const plugins = createRegistry([{ origin: 'quick', plugin: quick }]);
  const asked = (invariants: string) =>
    parseScenario(`{ duration: 1m, system: { managers: 3 }, invariants: ${invariants} }`, 's.yaml',
      { plugins });
  const names = (invariants: string) => asked(invariants).invariants.map(({ name }) => name);
  t.same(names('all'), [...Object.keys(builtInInvariants), 'quick'], 'all are theirs too');
  t.same(names('none'), []);
  t.throws(() => asked('[no-action-twice, quik]'), /:1:\d+: there is no invariant quik, .*quick/);
  t.throws(() => asked('[{ name: quick, within: soon }]'), /quick.within: /);
  t.throws(() => asked('[{ name: quick, withn: 1 }]'), /withn/);

  const scenario = asked('[no-action-twice, { name: quick, within: 200 }]');
  t.match(toYaml(scenario), /- no-action-twice\n  - \{? ?name: quick,?\s+within: 200/);
  t.same(parseScenario(toYaml(scenario), 's.yaml', { plugins }), scenario);
  const context = { inventory, bounds, health: new Health(inventory, bounds), scenario };
  const [, own] = createInvariants(scenario.invariants, context);
  t.equal(own.name, 'quick');
  own.observe(150, 0, { type: 'mark', mark: 'any' } as never);
  t.equal(own.broken, null);
  own.observe(250, 0, { type: 'mark', mark: 'any' } as never);
  t.same(own.broken, { timeUs: 250, explanation: 'a late mark' });

  const twice = { origin: 'other', plugin: { invariants: { 'role-changes': { create() {} } } } };
  t.throws(() => createRegistry([twice]), /invariant role-changes is built in/);
});
