import type { Address } from '../../core/process.js';
import type { Impairment } from '../impairment.js';
import type { Inventory } from '../inventory.js';
import { quantile, type Distribution } from '../random/distributions.js';
import { formatDurationUs, formatRate } from '../scenario/units.js';

/** So many are named; the rest is counted. */
const NAMED = 8;

/** Whom a fault hits, for people. */
export function namesOf(
  processes: Iterable<Address>,
  resources: Iterable<number>,
  inventory: Inventory,
): string {
  const names: string[] = [];
  let total = 0;
  for (const address of processes) {
    if (names.length < NAMED) names.push(inventory.processName(address));
    total += 1;
  }
  for (const resource of resources) {
    if (names.length < NAMED) names.push(inventory.descriptor(resource).name);
    total += 1;
  }
  const more = total - names.length;
  return names.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/** How strong an impairment is, for people. */
export function impairmentWords(impairment: Impairment): string {
  switch (impairment.kind) {
    case 'loss':
    case 'duplication':
    case 'corruption':
      return percent(impairment.share);
    case 'jitter':
      return median(impairment.delay);
    case 'reordering':
      return `${percent(impairment.share)} by ${median(impairment.delay)}`;
    case 'burstyLoss': {
      const { goodUs, badUs, lossBad } = impairment;
      const spells = `for ${formatDurationUs(badUs)} after ${formatDurationUs(goodUs)}`;
      return `${percent(lossBad)} ${spells} in the mean`;
    }
    case 'delaySpikes': {
      const { goodUs, badUs, delay } = impairment;
      const spells = `for ${formatDurationUs(badUs)} after ${formatDurationUs(goodUs)}`;
      return `${median(delay)} ${spells} in the mean`;
    }
    case 'bandwidth':
      return formatRate(impairment.bitsPerSecond);
  }
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(6))}%`;
}

function median(delay: Distribution): string {
  return formatDurationUs(Math.round(quantile(delay, 0.5) * 1e6));
}
