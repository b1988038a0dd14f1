import t from 'tap';
import { Shunned } from '../../../core/coordination/shunned.js';
import { config, tokenOf } from './fixtures.js';

const second = 1e6;
const token = tokenOf(1, 1);
const { answerTimeoutUs } = config.resources;

t.test('who goes on asking in one life, for longer than it has patience, did not get it', (t) => {
  const shunned = new Shunned(config, 8);
  let asked = false;
  for (let us = 0; us <= answerTimeoutUs + second; us += second) {
    // Another object each time: its manager has told of it anew.
    asked = shunned.asksAgain(0, tokenOf(1, 1), 1, us);
  }
  t.ok(asked);
  t.end();
});

t.test('who lives anew, or did not ask for long, had come to its manager', (t) => {
  const shunned = new Shunned(config, 8);
  t.notOk(shunned.asksAgain(0, token, 1, 0));
  t.notOk(shunned.asksAgain(0, token, 2, answerTimeoutUs - second), 'another life');
  t.notOk(shunned.asksAgain(0, token, 2, answerTimeoutUs + second), 'which began to ask just now');
  t.notOk(shunned.asksAgain(0, token, 2, 3 * answerTimeoutUs), 'nothing was asked in between');
  t.end();
});

t.test('where a round of everyone takes longer than that, who asks once a round goes on', (t) => {
  const managers = 60;
  const shunned = new Shunned(config, managers);
  const everyUs = managers * config.resources.retryUs;
  t.ok(everyUs > answerTimeoutUs);
  t.notOk(shunned.asksAgain(0, token, 1, 0));
  t.ok(shunned.asksAgain(0, token, 1, everyUs));
  t.end();
});
