/**
 * Coverage compared: how often seeds come to each situation of core, against how often they did
 * when that was pinned. A change that moves one is named: code that is reached less is tested less.
 * `npm run soak -- coverage` compares; with HOWDAH_PIN=1 it pins anew.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { tryOut } from '../../campaign/explore/trial.js';
import { marks } from '../../core/marks.js';
import { explorationOf } from '../../campaign/explore/schedules/index.js';
import { buildInventory } from '../../experiment/inventory.js';
import { loadScenario } from '../../checker/scenario.js';
import type { Check, Finding } from './check.js';
import { moved, spreadOf, type Spread } from './spread.js';

const file = 'test/explore/marks-per-seed.json';
/** Of swarm. */
const seeds = 200;
/** Several dozens are compared, and a few move for every change that moves anything. */
const significant = 4;

type Pinned = Readonly<Record<string, Spread>>;

async function tally(count: number, progress: (what: string) => void): Promise<Pinned> {
  const base = loadScenario('scenarios/swarm.yaml');
  const inventory = buildInventory(base);
  const times = new Map<string, number[]>(marks.map((name) => [name, []]));
  for (let seed = 1; seed <= count; seed += 1) {
    progress(`seed ${seed}`);
    const trial = await tryOut(explorationOf(base, inventory, seed).scenario);
    for (const [name, all] of times) all.push(trial.marks[name] ?? 0);
  }
  return Object.fromEntries([...times].map(([name, all]) => [name, spreadOf(all)]));
}

export const coverage: Check = async (scale, progress) => {
  const now = await tally(scale === 'long' ? seeds : 20, progress);
  if (process.env['HOWDAH_PIN'] === '1') {
    writeFileSync(file, `${JSON.stringify(now, null, 1)}\n`);
  }
  const pinned = JSON.parse(readFileSync(file, 'utf8')) as Pinned;
  const findings = Object.keys(now).flatMap((name): Finding[] => {
    const before = Object.hasOwn(pinned, name) ? pinned[name] : null;
    const how = before === null ? 'it is new' : moved(before, now[name], significant);
    if (how === null) return [];
    const wanted = before === null ? 'pinned' : `${words(before)}, as pinned`;
    return [{ what: name, measured: `${words(now[name])}: ${how}`, wanted, ok: false }];
  });
  if (findings.length > 0) return findings;
  const measured = `${Object.keys(now).length} as often as pinned`;
  return [{ what: 'situations per seed', measured, wanted: 'as pinned', ok: true }];
};

function words({ seeds: some, mean, deviation }: Spread): string {
  return `${some} of its seeds, ${mean} times a seed, deviation ${deviation}`;
}
