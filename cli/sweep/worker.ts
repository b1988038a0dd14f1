/** A worker process of a sweep: takes runs from its parent, one after the other. */
import { RunDirectoryError } from '../../analysis/index.js';
import { PluginError, type Registry } from '../../experiment/plugins.js';
import { parseScenario } from '../../experiment/scenario/index.js';
import { runSimulation } from '../../sim/index.js';
import { conduct } from '../conduct.js';
import { loadPlugins } from '../plugins.js';
import { serve } from '../serve.js';
import type { Task, TaskPlugins } from './task.js';

/** Real time between two reports of progress. */
const REPORT_MS = 250;

serve<Task, undefined>(async (task, report) => {
  const plugins = await registryOf(task.plugins);
  let reported = performance.now();
  await conduct({
    world: 'sim',
    scenario: parseScenario(task.scenario, 'scenario.yaml', { plugins }),
    out: task.directory,
    trace: false,
    showProgress: false,
    part: {
      code: task.code,
      command: task.command,
      progress: (share) => {
        const now = performance.now();
        if (now - reported < REPORT_MS) return;
        reported = now;
        report(share);
      },
    },
    run: runSimulation,
  });
}, (error): error is Error => error instanceof RunDirectoryError || error instanceof PluginError);

/** @throws PluginError where they are not what the sweep began with: rows would not compare */
async function registryOf({ files, hash }: TaskPlugins): Promise<Registry> {
  const plugins = await loadPlugins(files);
  if (plugins.hash === hash) return plugins.registry;
  const origin = files.map((file) => `--plugin ${file}`).join(' ');
  throw new PluginError(origin, 'changed while the sweep was running', 'begin the sweep anew');
}
