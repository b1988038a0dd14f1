import { z } from 'zod';
import { SettingError, type ScenarioPath } from '../../language/error.js';
import { drift as driftField, duration } from '../../language/fields.js';
import { targets as targetsField, type FaultTarget } from '../../language/targets.js';
import { formatDurationUs as us } from '../../language/units.js';
import type { ClockFault, FaultControls } from '../../world.js';
import type { NodeFault } from './kind.js';
import { readTargets, targetsSettings } from './node-targets.js';

/** The clocks of hosts are stepped, and run faster (less than 0: slower) by a share. */
export interface WrongClock extends ClockFault {
  readonly kind: 'clock';
  readonly targets: readonly FaultTarget[];
}

const settings = z.strictObject({
  of: targetsField,
  ahead: duration().optional().describe('Stepped ahead by so much.'),
  back: duration().optional().describe('Stepped back by so much.'),
  fast: driftField().optional().describe('Runs faster by that share of its rate.'),
  slow: driftField().optional().describe('Runs slower by that share of its rate.'),
});
type Given = z.output<typeof settings>;

const SECOND_US = 1e6;

export const clock: NodeFault<WrongClock, Given> & { readonly name: 'clock' } = {
  name: 'clock',
  settings,
  meaning: 'Clocks of hosts go wrong; at the end of the fault they are set right.',
  read: (given, reader) => ({
    kind: 'clock', targets: readTargets(given.of, reader, 'of'), ...wrongness(given, reader.path),
  }),
  settingsOf(action, places) {
    const { aheadUs, drift } = action;
    return {
      clock: {
        of: targetsSettings(action, places),
        ...(aheadUs === 0 ? {} : { [aheadUs > 0 ? 'ahead' : 'back']: us(Math.abs(aheadUs)) }),
        ...(drift === 0 ? {} : { [drift > 0 ? 'fast' : 'slow']: Math.abs(drift) }),
      },
    };
  },
  needs: ['clocks'],
  hits: 'hosts',
  unfit: { problem: 'resources have no clocks', remedy: 'name hosts' },
  targetsUnder: 'of',
  takes: 'nothing',
  hitsTheDown: true,
  begin: ({ aheadUs, drift }, hands) =>
    hands.put({ aheadUs, drift }, (host, wrong) => setClock(host, wrong, hands.controls)),
  end: (_action, hands) =>
    hands.take<ClockFault>((host, wrong) => setClock(host, wrong, hands.controls)),
  words: {
    began: (whom) => `the clock of ${whom} went wrong`,
    ended: (whom) => `the clock of ${whom} was set right`,
  },
  *weaker(action) {
    const { aheadUs, drift } = action;
    if (drift !== 0 && aheadUs !== 0) {
      yield { ...action, drift: 0 };
      yield { ...action, aheadUs: 0 };
    }
    const half = Number((aheadUs / 2).toPrecision(2));
    if (Math.abs(half) >= SECOND_US) yield { ...action, aheadUs: half };
  },
};

function wrongness({ ahead, back, fast, slow }: Given, path: ScenarioPath): ClockFault {
  if (ahead !== undefined && back !== undefined) {
    throw new SettingError([...path, 'back'], 'a clock is stepped one way', 'give ahead or back');
  }
  if (fast !== undefined && slow !== undefined) {
    throw new SettingError([...path, 'slow'], 'a clock is fast or slow', 'give one of the two');
  }
  const aheadUs = ahead ?? 0 - (back ?? 0);
  const drift = fast ?? 0 - (slow ?? 0);
  if (aheadUs === 0 && drift === 0) {
    throw new SettingError(
      path, 'nothing is wrong with the clock', 'give ahead, back, fast or slow',
    );
  }
  return { aheadUs, drift };
}

/** Several that slow it down do not turn it back. */
const SLOWEST = -0.999;

/** Steps and drifts add up; without any the clock is right again. */
function setClock(
  host: number, wrong: readonly ClockFault[], controls: FaultControls,
): void {
  const aheadUs = wrong.reduce((sum, one) => sum + one.aheadUs, 0);
  const drift = Math.max(wrong.reduce((sum, one) => sum + one.drift, 0), SLOWEST);
  controls.setClock!(host, wrong.length === 0 ? null : { aheadUs, drift });
}
