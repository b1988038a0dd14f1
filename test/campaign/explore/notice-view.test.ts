import t from 'tap';
import { NoticeView } from '../../../campaign/explore/notice-view.js';
import { parseScenario } from '../../../checker/scenario.js';

const ballot = (counter: number) => ({ counter, node: '1', incarnation: 1, address: 0 });

/** Sees a notice of that number under each ballot; `known`: each coordinator knew of the others. */
function flawOf(
  occasions: readonly (readonly [number, boolean?])[], known: boolean,
  scope: 'local' | 'global' = 'global', isPaused = false,
): unknown {
  const text = 'name: n\nduration: 1m\nsystem: { managers: 2 }';
  const view = new NoticeView(parseScenario(text, 'n.yaml'));
  if (isPaused) view.observe(0, 0, { type: 'process-paused' });
  for (const [index, [occasion, isRepeat = false]] of occasions.entries()) {
    if (known) {
      view.observe(0, 0, { type: 'rules-enforced', ballot: ballot(index), groups: 'known' });
    }
    view.observe(0, 0, { type: 'rules-enforced', ballot: ballot(index), groups: 'all' });
    const common = { rule: 'r', target: 'web' };
    view.observe(1e6, 0, { type: 'rule-fired', ...common, scope });
    view.observe(1e6, 0, {
      type: 'notified', ...common, text: '', occasion, ...(isRepeat ? { isRepeat } : {}),
    });
  }
  return view.flaw;
}

void t.test('a number that is given twice is marked', async (t) => {
  t.match(flawOf([[1], [1]], true), { explanation: /notice 1 of web twice/, timeS: 1 });
  t.equal(flawOf([[1], [1, true]], true), null);
  t.equal(flawOf([[1], [2]], true), null);
});

void t.test('numbers begin anew where nobody knows them, and are not judged of two', async (t) => {
  t.equal(flawOf([[1], [1]], false), null);
  t.equal(flawOf([[1], [1]], true, 'local'), null);
  t.equal(flawOf([[1], [1]], true, 'global', true), null);
});
