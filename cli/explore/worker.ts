/** A worker process of an exploration: tries one seed after the other. */
import { explorationOf } from '../../experiment/exploration/index.js';
import { buildInventory, type Inventory } from '../../experiment/inventory.js';
import { parseScenario, type ResolvedScenario } from '../../experiment/scenario/index.js';
import { loadPlugins } from '../plugins.js';
import { serve } from '../serve.js';
import type { Explored, ExploreTask } from './task.js';
import { tryOut } from './trial.js';

/** The same for all tasks of an exploration. */
let base: { readonly scenario: ResolvedScenario; readonly inventory: Inventory } | null = null;

serve<ExploreTask, Explored>(async (task) => {
  base ??= await load(task);
  const { scenario, drawn } = explorationOf(base.scenario, base.inventory, task.seed);
  return { trial: await tryOut(scenario), drawn };
});

async function load(task: ExploreTask): Promise<NonNullable<typeof base>> {
  const { registry } = await loadPlugins(task.plugins);
  const scenario = parseScenario(task.base, 'scenario.yaml', { plugins: registry });
  return { scenario, inventory: buildInventory(scenario) };
}
