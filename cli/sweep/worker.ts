/** A worker process of a sweep: takes runs from its parent, one after the other. */
import { RunDirectoryError } from '../../analysis/index.js';
import { PluginError, type Registry } from '../../experiment/plugins.js';
import { parseScenario } from '../../experiment/scenario/index.js';
import { runSimulation } from '../../sim/index.js';
import { conduct } from '../conduct.js';
import { loadPlugins } from '../plugins.js';
import type { Report } from '../pool.js';
import type { Task, TaskPlugins } from './task.js';

/** Real time between two reports of progress. */
const REPORT_MS = 250;

const tasks: Task[] = [];
let working = false;

function report(message: Report): void {
  process.send?.(message);
}

async function work(): Promise<void> {
  if (working) return;
  working = true;
  for (let task = tasks.shift(); task !== undefined; task = tasks.shift()) await perform(task);
  working = false;
}

async function perform(task: Task): Promise<void> {
  const { runId, code, command } = task;
  try {
    const plugins = await registryOf(task.plugins);
    const scenario = parseScenario(task.scenario, 'scenario.yaml', { plugins });
    let reported = performance.now();
    await conduct({
      world: 'sim',
      scenario,
      out: task.directory,
      trace: false,
      showProgress: false,
      part: {
        code,
        command,
        progress: (share) => {
          const now = performance.now();
          if (now - reported < REPORT_MS) return;
          reported = now;
          report({ kind: 'progress', runId, share });
        },
      },
      run: runSimulation,
    });
    report({ kind: 'done', runId });
  } catch (error) {
    if (error instanceof RunDirectoryError || error instanceof PluginError) {
      report({ kind: 'environment', runId, reason: error.message });
    } else {
      const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
      report({ kind: 'crashed', runId, reason });
    }
  }
}

/** @throws PluginError where they are not what the sweep began with: rows would not compare */
async function registryOf({ files, hash }: TaskPlugins): Promise<Registry> {
  const plugins = await loadPlugins(files);
  if (plugins.hash === hash) return plugins.registry;
  const origin = files.map((file) => `--plugin ${file}`).join(' ');
  throw new PluginError(origin, 'changed while the sweep was running', 'begin the sweep anew');
}

process.on('message', (task: Task) => {
  tasks.push(task);
  void work();
});
// Ctrl-C reaches the whole group of processes; the parent decides what it means.
process.on('SIGINT', () => undefined);
// By process.exit, so that the run directory in the making is discarded.
process.on('SIGTERM', () => process.exit());
// The parent is gone, kill -9 perhaps.
process.on('disconnect', () => process.exit());
