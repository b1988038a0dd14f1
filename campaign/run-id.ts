/** The name of a run: the same run, made by the same code, lands in the same place. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  toSettings,
  type FaultSettings,
  type NetworkSettings,
  type ResolvedScenario,
} from '../experiment/scenario/index.js';
import { builtCode } from './package-root.js';

const foldersThatMatter = ['core', 'experiment', 'checker', 'sim', 'live', 'analysis'];

export interface RunIdentity {
  readonly world: 'sim' | 'live';
  readonly scenario: ResolvedScenario;
  /** {@link hashCode} */
  readonly code: string;
  /** Of a live run, which is never the same twice; empty for simulated ones. */
  readonly started: string;
}

/** Hex. */
export function runId({ scenario, ...how }: RunIdentity): string {
  return named(how, whatIsRun(scenario));
}

/** Of runs that differ by their seeds alone, of which a sweep may have ten thousand. */
export function runIds({ scenario, ...how }: RunIdentity): (seed: number) => string {
  const settings = JSON.parse(whatIsRun(scenario)) as object;
  return (seed) => named(how, JSON.stringify({ ...settings, seed }));
}

function named({ world, started, code }: Omit<RunIdentity, 'scenario'>, what: string): string {
  const parts = [world, started, code, what];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12);
}

/** The scenario but for settings of the engine, which change no result, and where files lie. */
export function whatIsRun(scenario: ResolvedScenario): string {
  const network = withoutPaths(scenario.network);
  const faults = scenario.faults.map(withoutPath);
  // Not its YAML, which takes milliseconds: a sweep asks for thousands of names before it begins.
  const settings = toSettings({ ...scenario, network, faults, engine: { queue: 'wheel' } });
  return JSON.stringify(settings, (_key, value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
  );
}

/** The code that a run depends on: ours, and that of plugins. */
export function withPlugins(code: string, plugins = ''): string {
  if (plugins === '') return code;
  return createHash('sha256').update(`${code}/${plugins}`).digest('hex');
}

/** Where a file lies differs between machines; what is in it, its hash says. */
function withoutPaths(network: NetworkSettings): NetworkSettings {
  const { latency } = network;
  return latency.kind === 'matrix' ? { ...network, latency: { ...latency, file: '' } } : network;
}

function withoutPath(fault: FaultSettings): FaultSettings {
  const { when } = fault;
  return when.kind === 'trace'
    ? { ...fault, when: { ...when, trace: { ...when.trace, path: '' } } }
    : fault;
}

/** Of the content of the built code that results depend on. A few milliseconds. */
export function hashCode(root = builtCode): string {
  const hash = createHash('sha256');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.js') && foldersThatMatter.includes(name.split('/')[0]))
    .sort();
  for (const file of files) {
    const content = readFileSync(join(root, file));
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}
