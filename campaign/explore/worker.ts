/** A worker process of an exploration: tries one seed after the other. */
import { serve } from '../executors/serve.js';
import { loadPlugins } from '../plugins.js';
import { Planner } from './planner.js';
import type { Explored, ExploreTask } from './task.js';
import { cpuMs } from './time-spent.js';
import { tryOut } from './trial.js';

/** The same for all tasks of an exploration. */
let planner: Planner | null = null;

serve<ExploreTask, Explored>(async ({ seed, base, plugins }) => {
  planner ??= new Planner(base, (await loadPlugins(plugins)).registry);
  const beganMs = cpuMs();
  const { scenario, drawn, settings } = planner.of(seed);
  const drawnMs = cpuMs();
  const { seen, judgingMs, ...trial } = await tryOut(scenario, base.ignored);
  return {
    trial, drawn, settings, situations: seen.all(settings),
    spent: { drawing: drawnMs - beganMs, running: cpuMs() - drawnMs, judging: judgingMs },
  };
});
