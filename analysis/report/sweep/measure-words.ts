/** What measures are called, and in what they are counted. */
import * as words from '../../words.js';
import { percentLabels, plainLabels } from './ticks.js';

export interface MeasureWords {
  readonly title: string;
  /** For an axis; empty for plain numbers. */
  readonly unit: string;
  /** Vega's expression for the labels of ticks. */
  readonly format: string;
  readonly told: (value: number) => string;
}

/** What most people want to see of a sweep. */
export const usualMeasures: readonly string[] = [
  'detection.seconds.mean',
  'recovery.perFault.mean',
  'availability.unmanagedShare',
  'messages.sentPerSecond',
];

const titles: Readonly<Record<string, string>> = {
  'detection.seconds': 'time to notice a crash',
  'detection.byTarget.resource.seconds': 'time to notice a crash of a resource',
  'detection.byTarget.manager.seconds': 'time to notice a crash of a manager',
  'detection.byTarget.coordinator.seconds': 'time to notice a crash of the coordinator',
  'elections.seconds': 'time to replace the coordinator',
  'recovery.perFault': 'recovery from one fault',
  'recovery.settle': 'settling after the last fault of an episode',
  'recovery.seconds': 'length of a recovery episode',
  'repair.seconds': 'time to repair a resource',
  'staleness.seconds': "staleness of the coordinator's model",
  'availability.managedShare': 'resources managed, of all live ones',
  'availability.unmanagedShare': 'live resources without a manager',
  'availability.resourcesUpShare': 'resources up',
  'availability.resourcesDownShare': 'resources down',
  'recovery.maxSettleShare': 'slowest settling, as share of its bound',
  'messages.sentPerSecond': 'messages sent',
  'messages.bytesPerSecond': 'bytes sent',
  'detection.falsePositives': 'false alarms in a run',
  'detection.missed': 'crashes over before noticed, in a run',
  'elections.count': 'elections in a run',
  'recovery.episodes': 'recovery episodes in a run',
  'overlay.hops.mean': 'hops of a routed message, mean',
  'overlay.hops.max': 'hops of a routed message, maximum',
  'overlay.perManagerSecond': 'messages that keep the overlay, per manager',
  'faults.injected': 'faults injected in a run',
};

const statistics: Readonly<Record<string, string>> = {
  mean: 'mean',
  p50: 'median',
  p95: '95th percentile',
  p99: '99th percentile',
  max: 'maximum',
};

const timed = /^(recovery\.(perFault|settle)|.*seconds)\.(mean|p50|p95|p99|max)$/i;

export function measureWords(name: string): MeasureWords {
  const dot = name.lastIndexOf('.');
  const [group, last] = [name.slice(0, dot), name.slice(dot + 1)];
  if (timed.test(name)) {
    const title = `${titles[group] ?? group}, ${statistics[last]}`;
    return { title, unit: 's', format: plainLabels, told: words.duration };
  }
  const title = titles[name] ?? name;
  if (name.endsWith('Share')) return { title, unit: '%', format: percentLabels, told: share };
  if (/per(Manager)?Second$/i.test(name)) {
    const unit = name.includes('bytes') ? 'B/s' : 'per second';
    return { title, unit, format: plainLabels, told: words.quantity };
  }
  if (name.endsWith('Seconds')) {
    return { title, unit: 's', format: plainLabels, told: words.duration };
  }
  return { title, unit: '', format: plainLabels, told: words.quantity };
}

/** Shares of a sweep may differ by orders of magnitude. */
function share(value: number): string {
  return value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential(1) : words.share(value);
}
