import fc from 'fast-check';
import t from 'tap';
import { FixedTimeout } from '../../../core/detection/index.js';
import { detectorConformance } from '../../conformance/detector.js';
import { holds } from '../overlay/holds.js';

const timeoutUs = 3000;

detectorConformance('the fixed timeout', () => new FixedTimeout(timeoutUs), {
  periodUs: 1000, patienceUs: timeoutUs + 1,
});

t.test('suspects at the first look after the timeout, and at none up to it', async (t) => {
  const looks = fc.array(fc.integer({ min: 1, max: 2000 }), { minLength: 1, maxLength: 20 });
  holds(t, fc.property(fc.nat(5000), fc.nat(40), looks, (heardUs, row, looks) => {
    const detector = new FixedTimeout(timeoutUs);
    detector.watch(row, 0);
    detector.heard(row, heardUs);
    let nowUs = heardUs;
    let suspicions = 0;
    for (const pauseUs of looks) {
      nowUs += pauseUs;
      detector.check(nowUs, (suspect) => (suspicions += suspect === row ? 1 : 100));
      if (suspicions !== (nowUs - heardUs > timeoutUs ? 1 : 0)) return false;
      if (detector.isSuspected(row) !== (suspicions === 1)) return false;
    }
    return true;
  }), 500);
});
