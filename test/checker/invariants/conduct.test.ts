/** How managers and the coordinator go about it: elections, reports, retries and loads. */
import t from 'tap';
import type { Observation } from '../../../core/observations.js';
import { cutOf } from '../../../experiment/cut.js';
import { ballot, Script, token } from '../health/world.js';
import { act, b2, broken, inventory, scenario, sound } from './fixture.js';

// The terms of the fixture: announcements take 20, rings 15, reports 30, moves 50.

const groups = (...of: number[]): Observation => ({ type: 'reachability', groups: of });
const lossy: Observation = { type: 'links-changed', loss: 0.1 };
const b3 = ballot(3, 2);
const b4 = ballot(4, 1);
const b5 = ballot(5, 2);

/** The role goes to and fro between two managers. */
function duel(script: Script, fromUs: number): Script {
  return script.at(fromUs)
    .see(1, { type: 'coordinator-resigned', ballot: b2, successor: b3 }).elect(2, b3)
    .at(fromUs + 10)
    .see(2, { type: 'coordinator-resigned', ballot: b3, successor: b4 }).elect(1, b4)
    .at(fromUs + 20)
    .see(1, { type: 'coordinator-resigned', ballot: b4, successor: b5 }).elect(2, b5);
}

t.test('the role changes twice for each fault, not more', async (t) => {
  const found = broken('role-changes', duel(sound().at(700).see(-1, groups(0, 0)), 720));
  t.equal(found?.timeUs, 740);
  t.match(found?.explanation, /to manager-3, manager-2, manager-3 in the 0.0 s since reachability/);
  const between = (seen: Observation): number | undefined => broken('role-changes',
    duel(sound().at(700).see(-1, groups(0, 0)).at(720), 720).at(990).see(-1, seen))?.timeUs;
  t.equal(between(groups(0, 0)), 740, 'what comes later is no excuse');
  const again = sound().at(700).elect(1, b4).at(710).elect(1, ballot(6, 1)).at(720)
    .elect(1, ballot(7, 1));
  t.equal(broken('role-changes', again), null, 'a greater ballot of the same one is no change');
  t.equal(broken('role-changes', duel(sound().at(700).see(-1, lossy), 720)), null,
    'where messages are lost chance has a part in it');
});

t.test('who has a two-way link to a manager that is led is managed in time', async (t) => {
  // Agent 3 does not reach the manager that lists its resource, and can hear it.
  const classes = (...some: number[]): Uint16Array => Uint16Array.from(some);
  const deaf = (holder: number): Observation => ({
    type: 'reachability', groups: [0, 0],
    cut: cutOf(
      classes(...[0, 1, 2].map((one) => one === holder ? 1 : 0), 2, 0), 3,
      (from, to) => from !== 2 || to !== 1,
    ),
  });
  const held = (): Script => sound().at(590).hold(3, 0, 2, token(b2, 9)).at(600);
  const found = broken('managed-past-deaf-links', held().see(-1, deaf(2)));
  t.equal(found?.timeUs, 1000);
  t.match(found?.explanation, /web-1 has had no manager for .* could have one/);
  const mended = held().see(-1, deaf(2)).at(650).hold(3, 0, 1, token(b2, 10));
  t.equal(broken('managed-past-deaf-links', mended), null, 'it has found another');
  t.equal(broken('managed-past-deaf-links', held().see(-1, deaf(1))), null, 'another is deaf');
  const anew = held().see(-1, deaf(2)).at(690).down(0).at(780).see(-1, groups(0, 0));
  t.equal(broken('managed-past-deaf-links', anew), null, 'the time begins anew with each fault');
  t.equal(broken('managed-past-deaf-links', held().see(-1, lossy).see(-1, deaf(2))), null,
    'where messages are lost chance has a part in it');
});

t.test('a ballot comes to all that can hear of it', async (t) => {
  const elected = (...behind: number[]): Script => sound().at(600)
    .see(1, { type: 'coordinator-elected', ballot: b4 }).at(610).acknowledge(b4, ...behind);
  t.equal(broken('ballots-spread', elected(0, 1, 2)), null);
  const found = broken('ballots-spread', elected(0, 1));
  t.equal(found?.timeUs, 620);
  t.match(found?.explanation, /manager-3 does not follow manager-2/);
  const greater = elected(0, 1).at(611).acknowledge(b5, 2);
  t.equal(broken('ballots-spread', greater), null, 'a greater one');
  t.equal(broken('ballots-spread', elected(0, 1).at(615).down(2)), null, 'it is down');
  t.equal(broken('ballots-spread', elected(0, 1).at(615).see(-1, lossy)), null, 'it may be lost');
  t.equal(broken('ballots-spread', elected(0, 1).at(615)
    .see(1, { type: 'coordinator-resigned', ballot: b4, successor: b5 })), null, 'it is over');
  const late = sound().at(595).down(2).at(596).up(2).at(600);
  t.equal(broken('ballots-spread', late.see(1, { type: 'coordinator-elected', ballot: b4 })
    .at(610).acknowledge(b4, 0, 1)), null, 'it has just come back');
});

t.test('a rebuild does not end before all have reported who can', async (t) => {
  const rebuilt = (script: Script): string | undefined => broken('no-early-rebuild',
    script.see(2, { type: 'model-rebuilt', ballot: b3, managers: 3 }))?.explanation;
  const elected = (): Script => sound().at(600)
    .see(1, { type: 'coordinator-resigned', ballot: b2, successor: b3 }).elect(2, b3)
    .at(610).acknowledge(b3, 0);
  const all = (script: Script): Script =>
    script.acknowledge(b3, 1).at(615).show(2, 0, 'up', 3).show(2, 1, 'stopped', 0);
  t.equal(rebuilt(all(elected())), undefined);
  t.match(rebuilt(elected()), /manager-3 goes to work without the report of manager-2: it has not/);
  t.match(rebuilt(elected().acknowledge(b3, 1).at(615)), /manager-2: its web-2 is not known/);
  t.equal(rebuilt(elected().at(630)), undefined, 'it has waited long enough');
  t.equal(rebuilt(elected().down(1)), undefined, 'who is down cannot');
  t.equal(rebuilt(elected().see(-1, groups(0, 1))), undefined, 'nor who is cut off');
  t.equal(rebuilt(elected().acknowledge(b3, 1).hold(4, 1, 1, token(b3, 1)).at(615)), undefined,
    'what it was given just now it may tell later');
});

const started: Observation = {
  type: 'action-started', rule: 'mend', verb: 'restart', resource: 0, action: 1,
};
const ended = (outcome: 'failed' | 'succeeded' | 'refused' | 'unknown'): Observation =>
  ({ type: 'action-ended', rule: 'mend', resource: 0, action: 1, outcome });

t.test('a retry comes when its back-off is over', async (t) => {
  const failing = (outcome: 'failed' | 'succeeded' | 'refused' = 'failed'): Script =>
    sound().at(600).state(3, 0, 'down', 3).at(650).see(2, started).at(660).see(2, ended(outcome));
  const next = (script: Script, timeUs: number): number | undefined =>
    broken('retries-in-time', script.at(timeUs).see(2, started), timeUs)?.timeUs;
  t.equal(next(failing(), 680), undefined, 'back-off of 20');
  t.equal(next(failing(), 679), 679, 'too early');
  t.equal(next(failing(), 685), undefined, 'at the next look');
  t.equal(next(failing(), 686), 685, 'too late');
  t.equal(next(failing('succeeded'), 661), undefined, 'it was no failure');
  t.equal(next(failing('refused'), 661), undefined, 'there was something that it did not know');
  t.equal(next(failing().at(670).state(3, 0, 'up', 4), 900), undefined, 'nothing to do');
  t.equal(next(failing().at(665).see(2, { type: 'listing-removed', resource: 0 }), 666), undefined,
    'it was let go of meanwhile');
  t.equal(next(failing().at(661).see(2, { type: 'process-paused' }).at(700)
    .see(2, { type: 'process-resumed' }), 700), undefined, 'it stood still');
  const set = (atUs: number): Script => sound().at(600).state(3, 0, 'down', 3).at(650)
    .see(2, started).at(atUs).see(2, { type: 'clock-set', stepUs: -9, drift: 0 })
    .at(660).see(2, ended('failed'));
  t.equal(next(set(657), 679), undefined, 'its clock was set since the look before');
  t.equal(next(set(654), 679), 679, 'that was before the look');
  const twice = (): Script => failing().at(680).see(2, started).at(690).see(2, ended('failed'));
  t.equal(next(twice(), 730), undefined, 'then 40');
  t.equal(next(twice(), 729), 729);
  t.equal(next(twice(), 781), 735, 'too late at 735');
});

t.test('who is passed a resource on goes on with its retries', async (t) => {
  const lists: Observation = { type: 'listing-added', resource: 0, token: token(b2, 9) };
  const moved = (why: 'leave' | null = 'leave', listedUs = 665): Script => {
    const script = sound().at(600).state(3, 0, 'down', 3).at(650).see(2, started)
      .at(660).see(2, ended('failed')).at(listedUs).see(1, lists)
      .at(668).see(2, { type: 'listing-removed', resource: 0 });
    return why === null ? script
      : script.see(1, { type: 'resource-moved', resource: 0, from: 2, to: 1, why });
  };
  const next = (script: Script, timeUs: number): number | undefined =>
    broken('retries-in-time', script.at(timeUs).see(1, started), timeUs)?.timeUs;
  t.equal(next(moved(), 679), 679, 'the wait is not over');
  t.equal(next(moved(), 680), undefined);
  t.equal(next(moved(null), 679), undefined, 'another may have given it, who knew less');
  t.equal(next(moved('leave', 661), 679), undefined, 'it was told before the failure, perhaps');
  const again = (script: Script): Script => script.at(680).see(1, started).see(1, ended('failed'));
  t.equal(next(again(moved()), 719), 719, 'then 40');
  t.equal(next(again(moved()), 720), undefined);
  t.equal(next(again(moved(null)), 700), undefined, 'the first wait of its own');
  const anew = moved().at(670).down(1).at(671).up(1);
  t.equal(next(anew, 679), undefined, 'what it was told is gone with its life');
});

t.test('what is down is acted upon when its manager can know it', async (t) => {
  const down = (): Script => sound().at(600).state(3, 0, 'down', 3);
  const acted = (script: Script, endUs = 690): string | undefined =>
    broken('rules-act', script, endUs)?.explanation;
  t.match(acted(down()), /manager-3 has done nothing by mend about web-1, which has been down/);
  t.equal(acted(down(), 670), undefined, 'there is time');
  t.equal(acted(down().at(620).see(2, started)), undefined);
  t.equal(acted(down().at(650).state(3, 0, 'up', 4)), undefined, 'it came back by itself');
  t.equal(acted(sound().at(600).state(3, 0, 'stopped', 3)), undefined, 'no rule wants that');
  t.equal(acted(down().at(660).see(2, { type: 'process-paused' })), undefined, 'nor could it');
  t.equal(acted(down().see(2, { type: 'listing-removed', resource: 0 })), undefined);
  t.equal(acted(sound().at(595).see(2, started).at(600).state(3, 0, 'down', 3)), undefined,
    'an action on its former life may be under way');
});

t.test('a local rule fires when its manager has missed something for long enough', async (t) => {
  const missed = (of: Observation[] = []): Script => {
    const script = sound().at(590);
    for (const one of of) script.see(2, one);
    return script.at(600).state(3, 0, 'down', 3).at(640)
      .see(2, { type: 'resource-suspected', resource: 0, incarnation: 3 });
  };
  const rules = (more: string) => [{
    file: 'rules.yaml',
    text: `rules: [{ name: mend, scope: local, when: entity.state == "down", ${more} }]`,
  }];
  // A look takes 5, and timers may come a millisecond early.
  const unfired = (script: Script, endUs = 1650, more = 'do: restart', inventory = false) => {
    const coordination = { ...scenario.coordination, inventory };
    return broken('rules-fire', script, endUs, { ...scenario, coordination, rules: rules(more) })
      ?.explanation;
  };
  const fired = (target: string): Observation =>
    ({ type: 'rule-fired', rule: 'mend', scope: 'local', target });
  t.match(unfired(missed()), /manager-3 has missed web-1, which is down, .* mend has not fired/);
  t.equal(unfired(missed(), 1646), undefined, 'there is time');
  t.equal(unfired(missed(), 1647, undefined, true), undefined, 'its host is asked first');
  t.match(unfired(missed(), 1649, undefined, true), /mend has not fired/);
  t.equal(unfired(missed().at(641).see(2, fired('web-1'))), undefined);
  t.match(unfired(missed([fired('web-1')])), /mend has not fired/, 'that was before');
  t.match(unfired(missed().at(641).see(2, fired('web-2'))), /mend has not fired/);
  t.equal(unfired(missed().at(700).state(3, 0, 'up', 4)), undefined, 'it is up again');
  t.equal(unfired(missed().at(700).see(2, { type: 'process-paused' })), undefined);
  t.equal(unfired(missed().at(700).down(3)), undefined, 'its host is down');
  t.equal(unfired(missed().at(700).see(2, { type: 'listing-removed', resource: 0 })), undefined);
  const trusted: Observation = { type: 'resource-trusted', resource: 0, incarnation: 3 };
  t.equal(unfired(missed().at(700).see(2, trusted)), undefined);
  t.equal(unfired(missed(), 1746, 'do: restart, for: 100us'), undefined, 'it waits');
  t.match(unfired(missed(), 1750, 'do: restart, for: 100us'), /mend has not fired/);
  const notice = "notify: '\"it is down\"', cooldown: 900us";
  const told: Observation = {
    type: 'notified', rule: 'mend', target: 'web-1', text: 'it is down', occasion: 1,
  };
  t.match(unfired(missed(), 1650, notice), /mend has not fired/);
  t.equal(unfired(missed([told]), 2490, notice), undefined, 'it has just told of it');
  t.match(unfired(missed([told]), 2500, notice), /mend has not fired/);
  t.equal(unfired(missed(), 1650, 'do: restart, mode: observe'), unfired(missed()));
});

t.test('what brakes hold back is done once they are over', async (t) => {
  const { coordination } = scenario;
  const wait = { timeoutUs: 5, retries: 0 };
  const acted = (more: string, endUs: number, begunUs = 0, silentUntilUs = 0) => {
    const { zone: name } = inventory.descriptor(0);
    const silence = { over: 'zone', name, fromUs: 0, untilUs: silentUntilUs } as const;
    const silences = silentUntilUs === 0 ? [] : [silence];
    const of = {
      ...scenario,
      rules: [{
        file: 'rules.yaml',
        text: 'rules: [{ name: mend, scope: local, when: entity.state == "down", do: restart, ' +
          `retry: { delay: 20us, max: 50us }, ${more} }]`,
      }],
      coordination: { ...coordination, actions: { ...coordination.actions, ...wait, silences } },
    };
    const script = sound();
    if (begunUs > 0) script.at(begunUs).see(2, started);
    script.at(600).state(3, 0, 'down', 3);
    return broken('rules-act', script, endUs, of)?.explanation;
  };
  t.match(acted('for: 100us', 800), /has done nothing by mend/);
  t.equal(acted('for: 100us', 770), undefined, 'there is time');
  t.match(acted('cooldown: 100us', 840, 590), /has done nothing by mend/);
  t.equal(acted('cooldown: 100us', 720, 590), undefined, 'it began something lately');
  t.match(acted('limit: { atMost: 1, per: 100us, then: wait }', 840, 590), /nothing by mend/);
  const givesUp = 'limit: { atMost: 1, per: 100us, then: give-up }';
  t.equal(acted(givesUp, 840, 590), undefined, 'it may have given up');
  t.match(acted('', 900, 0, 650), /nothing by mend/, 'the silence is over');
  t.equal(acted('', 900, 0, 850), undefined, 'it is in a silence');
});

t.test('what is held back begins when its time is over', async (t) => {
  const { zone: name } = inventory.descriptor(0);
  const { coordination } = scenario;
  type Cause = 'cooldown' | 'limit' | 'silence';
  const held = (cause: Cause, more: string, endUs: number, later?: Observation) => {
    const silences = [{ over: 'zone', name, fromUs: 0, untilUs: 3000 }] as const;
    const of = {
      ...scenario,
      rules: [{
        file: 'rules.yaml',
        text: 'rules: [{ name: mend, scope: local, when: entity.state == "down", do: restart, ' +
          `${more} }]`,
      }],
      coordination: {
        ...coordination,
        actions: { ...coordination.actions, ...(cause === 'silence' ? { silences } : {}) },
      },
    };
    const script = sound().at(590).see(2, started).see(2, ended('succeeded'))
      .at(600).state(3, 0, 'down', 3).at(650);
    script.see(2, {
      type: 'action-held', rule: 'mend', verb: 'restart', target: 'web-1', resource: 0, cause,
    });
    if (later !== undefined) script.at(700).see(2, later);
    return broken('rules-act', script, endUs, of)?.explanation;
  };
  // A look takes 5, and timers may come a millisecond early.
  const cools = 'cooldown: 500us';
  t.match(held('cooldown', cools, 2100), /held mend back .* though the cooldown is over/);
  t.equal(held('cooldown', cools, 2096), undefined, 'there is time');
  t.equal(held('cooldown', cools, 2100, { type: 'process-paused' }), undefined, 'nor could it');
  t.equal(held('cooldown', cools, 2100, started), undefined, 'it has begun');
  t.equal(held('cooldown', cools, 2100, { type: 'listing-removed', resource: 0 }), undefined);
  const limited = 'limit: { atMost: 1, per: 500us, then: wait }';
  t.match(held('limit', limited, 2100), /though the limit is over/);
  t.equal(held('limit', limited, 2096), undefined, 'there is time');
  t.match(held('silence', 'retry: { delay: 1us }', 4100), /though the silence is over/);
  t.equal(held('silence', 'retry: { delay: 1us }', 4000), undefined);
});

t.test('what a global rule wants done is begun', async (t) => {
  const { coordination } = scenario;
  const idle = (script: Script, more = '', endUs = 800, below = 2, also = '') => {
    const of = {
      ...scenario,
      rules: [{
        file: 'rules.yaml',
        text: `rules: [{ name: keep, scope: global, when: group.up < ${below}, do: start, pick: ` +
          `entity.state == "stopped", retry: { delay: 20us, max: 50us }${more} }${also}]`,
      }],
      coordination: {
        ...coordination, actions: { ...coordination.actions, timeoutUs: 5, retries: 0 },
      },
    };
    return broken('global-rules-act', script, endUs, of)?.explanation;
  };
  const enforced = (): Script =>
    sound().at(560).see(1, { type: 'rules-enforced', ballot: b2, groups: 'all' });
  t.match(idle(enforced()), /manager-2 does nothing by keep, which wants something done with web/);
  t.equal(idle(enforced(), '', 640), undefined, 'there is time');
  const begun: Observation = {
    type: 'action-started', rule: 'keep', verb: 'start', resource: 1, action: 1,
  };
  t.equal(idle(enforced().at(750).see(1, begun)), undefined, 'it has begun something');
  t.equal(idle(enforced().at(600).show(1, 1, 'up', 1)), undefined, 'there are enough');
  t.equal(idle(enforced().at(750).see(1, { type: 'process-paused' })), undefined, 'nor could it');
  t.equal(idle(enforced(), ', for: 200us'), undefined, 'it waits');
  t.match(idle(enforced(), ', for: 200us', 900), /does nothing by keep/);
  t.equal(idle(enforced(), ', limit: { atMost: 1, per: 9us, then: give-up }'), undefined);
  t.equal(idle(enforced(), ', mode: observe'), undefined);
  const fewer = ', { name: fewer, scope: global, when: group.up > 0, do: stop, pick: ' +
    'entity.state == "up", limit: { atMost: 1, per: 9us, then: give-up } }';
  t.equal(idle(enforced(), '', 800, 1, fewer), undefined, 'only if another rule acted');
  t.equal(idle(sound()), undefined, 'its rules wait until its model is whole');
});

t.test('rules that undo each other are named, and slowed down', async (t) => {
  const of = { ...scenario, invariants: [] };
  const fight = (rounds: number, periodUs: number, toldAt = Infinity, lostAt = Infinity) => {
    const script = sound();
    for (let round = 0; round < rounds; round += 1) {
      const verb = round % 2 === 0 ? 'stop' : 'start';
      // The one is a manager's, the other the coordinator's.
      const [by, rule] = verb === 'stop' ? [1, 'fewer'] : [2, 'keep'];
      const own = { rule, resource: 0, action: round } as const;
      script.at(600 + round * periodUs).see(by, { type: 'action-started', verb, ...own })
        .see(by, { type: 'action-ended', outcome: 'succeeded', ...own });
      if (round === toldAt) {
        script.see(1, { type: 'rules-fight', rules: ['fewer', 'keep'], target: 'web-1' });
      }
      if (round === lostAt) script.see(1, { type: 'listing-removed', resource: 0 });
    }
    return broken('fights-slowed', script, 1e9, of)?.explanation;
  };
  t.match(fight(15, 10e6), /fewer and keep have undone each other on web-1 13 times .* nobody/);
  t.equal(fight(14, 10e6), undefined);
  t.equal(fight(15, 30e6), undefined, 'it may be by chance');
  t.equal(fight(15, 10e6, 9), undefined, 'it was told');
  t.equal(fight(15, 10e6, Infinity, 9), undefined, 'who comes next has not seen it all');
  t.match(fight(40, 5e6, 9), /25 times in three minutes, though they are known to/);
});

t.test('who asked for an action hears that the host has crashed meanwhile', async (t) => {
  const crashed = (): Script => sound().at(600).state(3, 0, 'down', 3).see(2, started)
    .see(3, act('restart', 0, 3, token(b2, 1))).at(610).down(3).at(620).up(3);
  const told = (script: Script): string | undefined =>
    broken('ends-told', script.at(640).see(1, { type: 'mark', name: 'later' }))?.explanation;
  t.match(told(crashed()), /manager-3 has not been told .* web-1, during which host-1 crashed/);
  t.equal(told(crashed().at(621).see(2, ended('unknown'))), undefined);
  t.equal(told(crashed().at(621).down(3)), undefined, 'it had no time to tell');
  t.equal(told(crashed().at(621).see(2, { type: 'process-paused' })), undefined, 'nor it to hear');
  t.equal(told(crashed().at(621).see(-1, groups(0, 1))), undefined, 'nor was it in reach');
  const renewed = sound().at(600).state(3, 0, 'down', 3).see(2, started)
    .see(3, act('restart', 0, 3, token(b2, 1))).at(610).down(3).at(620)
    .see(3, { type: 'process-up', incarnation: 1, generation: 1 });
  t.equal(told(renewed), undefined, 'its disk is new');
  const over = sound().at(600).state(3, 0, 'down', 3).see(2, started)
    .see(3, act('restart', 0, 3, token(b2, 1))).at(601).see(-1, lossy).at(605)
    .see(-1, { type: 'links-changed', loss: 0 }).at(610).down(3).at(620).up(3);
  t.equal(told(over), undefined, 'it may have been over, and the word of that lost');
});

t.test('loads are balanced when all has long been quiet', async (t) => {
  const crowded = (): Script => sound().at(600).hold(4, 1, 2, token(b2, 9))
    .see(1, { type: 'listing-removed', resource: 1 });
  t.equal(broken('loads-balanced', crowded())?.timeUs, 600, 'since 550 nothing has happened');
  const { explanation } = broken('loads-balanced', crowded())!;
  t.match(explanation, /fullest manager holds 2 .* emptiest 0/);
  t.equal(broken('loads-balanced', sound()), null, 'one each, and none');
  t.equal(broken('loads-balanced', crowded().down(0))?.timeUs, 650, 'since 600');
});
