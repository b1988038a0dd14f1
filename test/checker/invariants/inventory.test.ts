/** What the model must remember, and what it must not: by hand-written sequences. */
import t from 'tap';
import type { Observation } from '../../../core/observations.js';
import type { ResourceState } from '../../../core/metamodel/entity.js';
import { ballot, Script, token } from '../health/world.js';
import { act, b2, broken, sound } from './fixture.js';

// The terms of the fixture: shown 60, gone 90, given 40, heard 30; rings 15.

const lossy: Observation = { type: 'links-changed', loss: 0.1 };
const kept = (...standbys: number[]): Observation => ({ type: 'inventory-kept', standbys });
const registered: Observation = { type: 'resource-registered', resource: 0 };
const asked: Observation = { type: 'decommission-asked', resources: [0] };
const gone: Observation = { type: 'resource-decommissioned', resource: 0 };
const forgot: Observation = { type: 'model-forgot', resource: 0 };
const b4 = ballot(4, 2);
const shows = (state: ResourceState): Observation =>
  ({ type: 'model-entity', resource: 0, state, incarnation: 3, manager: 2 });

/** Manager 1 coordinates, 0 and 2 keep what is registered as well; host 3 is dead. */
const inventory = (): Script =>
  sound().at(600).see(1, kept(0, 2)).see(3, registered).at(610).down(3);

t.test('what is registered is in the model of whoever takes over', async (t) => {
  const over = (script: Script, shown = false, endUs = 800): string | undefined => {
    script.at(700).down(1).at(720).elect(2, b4).acknowledge(b4, 0);
    if (shown) script.at(730).see(2, shows('unknown'));
    return broken('nothing-forgotten', script, endUs)?.explanation;
  };
  t.match(over(inventory()), /the model of manager-3 lacks web-1, which is registered/);
  t.equal(over(inventory(), true), undefined);
  const split = (): Script => inventory().see(1, kept(0)).at(700).elect(2, b4);
  t.equal(broken('nothing-forgotten', split(), 800), null, 'who keeps it follows another');
  const follows = split().acknowledge(b4, 0);
  t.match(broken('nothing-forgotten', follows, 800)?.explanation, /manager-3 lacks web-1/);
  t.equal(over(inventory(), false, 770), undefined, 'it may take so long');
  t.match(over(inventory().at(650).down(0)), /lacks web-1/, 'it keeps it itself');
  t.equal(over(inventory().see(-1, asked)), undefined, 'it is decommissioned');
  t.equal(over(inventory().see(-1, lossy)), undefined, 'where messages are lost it takes longer');
  const without = (): Script => inventory().see(1, kept(0)).at(650).down(0);
  t.equal(over(without()), undefined, 'nobody is left who keeps it');
  const back = without().at(700).down(1).at(720).elect(2, b4).at(730).up(0).acknowledge(b4, 0);
  t.match(broken('nothing-forgotten', back, 900)?.explanation, /lacks web-1/,
    'who kept it is back with its disk');
  const blank = without().at(700).down(1).at(720).elect(2, b4).at(730)
    .see(0, { type: 'process-up', incarnation: 2, generation: 1 }).acknowledge(b4, 0);
  t.equal(broken('nothing-forgotten', blank, 900), null, 'and this one without');
});

t.test('nothing registered goes out of the model', async (t) => {
  const forgets = (script: Script): string | undefined =>
    broken('nothing-forgotten', script.at(700).see(1, forgot), 700)?.explanation;
  t.match(forgets(inventory()), /manager-2 forgets web-1, which is registered/);
  t.equal(forgets(inventory().see(-1, asked)), undefined);
  t.equal(forgets(sound().at(600).see(1, kept(0, 2))), undefined, 'it never was registered');
});

t.test('as many as configured keep what is registered', async (t) => {
  const is = (script: Script, endUs = 800): string | undefined =>
    broken('kept-by-standbys', script, endUs)?.explanation;
  t.equal(is(inventory()), undefined);
  const dropped = (): Script => inventory().at(720).see(1, kept(0));
  t.match(is(dropped()), /manager-2 has what is registered kept by 1 standbys, .* 2 that could/);
  t.match(is(dropped().see(1, kept(0, 2))), /by 1/, 'were it for a moment');
  const early = inventory().at(700).see(1, kept(0)).at(705).see(1, kept(0, 2));
  t.equal(is(early), undefined, 'it had not been calm for long');
  t.equal(is(inventory().down(2).see(1, kept(0)), 900), undefined, 'there is but one');
  const blank = inventory().down(0).at(640)
    .see(0, { type: 'process-up', incarnation: 2, generation: 1 });
  t.match(is(blank, 900), /by 1/, 'it lost its disk, and was not told again');
  t.equal(is(blank, 780), undefined, 'there is time for that');
  const goes = inventory().at(650).see(0, { type: 'process-leaving' }).at(750).see(1, kept(2));
  t.equal(is(goes, 900), undefined, 'one leaves');
});

t.test('what is decommissioned comes to an end', async (t) => {
  const over = (): Script => inventory().at(620).see(-1, asked).see(1, forgot).see(1, gone)
    .see(2, { type: 'listing-removed', resource: 0 });
  const is = (script: Script, endUs = 900): string | undefined =>
    broken('none-comes-back', script, endUs)?.explanation;
  t.equal(is(over()), undefined);
  const back = (): Script => over().at(700).see(1, shows('up'));
  t.match(is(back()), /manager-2 shows web-1, which was decommissioned, and has done so for/);
  t.equal(is(back(), 790), undefined, 'its agent may have to be asked');
  t.equal(is(back().at(780).see(1, forgot)), undefined, 'it was asked');
  t.equal(is(back().at(780).down(0), 860), undefined, 'others may not have heard of it');
  const again: Observation = { type: 'resources-commissioned', resources: [0] };
  t.equal(is(back().at(750).see(-1, again)), undefined, 'it is wanted again');
  const wanted = (): Script => over().at(630).see(-1, again);
  const unwanted = (script: Script): Script =>
    script.at(640).see(-1, asked).see(1, gone).at(700).see(1, shows('up'));
  t.equal(is(unwanted(wanted())), undefined, 'it had not registered anew');
  t.match(is(unwanted(wanted().see(3, registered))), /manager-2 shows web-1/);
  const lists: Observation = { type: 'listing-added', resource: 0, token: token(b2, 9) };
  t.match(is(over().at(700).see(2, lists)), /manager-3 lists web-1, which was decommissioned/);
  t.equal(is(over().at(650).down(0, 1, 2).at(660).up(0, 1, 2).at(700).see(2, lists)), undefined,
    'all who knew it were down at once');
  const acts = act('start', 0, 3, token(b2, 9));
  const retired: Observation = { type: 'resource-retired', resource: 0 };
  t.equal(is(over().at(700).up(3).see(3, acts)), undefined, 'its host has not heard of it');
  t.match(is(over().at(700).up(3).see(3, retired).at(710).see(3, acts)), /web-1.* is acted on/);
});

t.test('unknown ends', async (t) => {
  const is = (script: Script, endUs: number): string | undefined =>
    broken('unknown-ends', script, endUs)?.explanation;
  const unknown = (): Script =>
    inventory().see(2, { type: 'listing-removed', resource: 0 }).at(620).see(1, shows('unknown'));
  t.match(is(unknown(), 700), /manager-2 has shown web-1 as unknown for/);
  t.equal(is(unknown(), 690), undefined, 'somebody has to be given it');
  t.equal(is(unknown().at(680).see(1, shows('unreachable')), 900), undefined);
  t.equal(is(unknown().at(660).down(0), 720), undefined, 'whoever was given it may have died');
  const listed = (): Script => unknown().hold(3, 0, 2, token(b2, 9));
  const elsewhere = listed().acknowledge(b4, 2).at(640).down(0);
  t.equal(is(elsewhere, 660), undefined, 'who listens tells another');
  const given = listed().at(640).down(0);
  t.match(is(given, 660), /has shown web-1/, 'who listens is none of those that died');
  t.equal(is(given.at(645).down(2), 660), undefined, 'until it does');
});
