/** Makes one run of a sweep, in whichever process it is asked to. */
import { RunDirectoryError } from '../../analysis/index.js';
import { PluginError, type Registry } from '../../experiment/plugins.js';
import { parseScenario } from '../../checker/scenario.js';
import { runSimulation } from '../../sim/index.js';
import { recordRun, type Watch } from '../record-run.js';
import { loadPlugins } from '../plugins.js';
import type { SweepTask, TaskPlugins } from './task.js';

/** Real time between two reports of progress, at which signals and messages have their turn. */
const REPORT_MS = 100;

/** Leaves the run directory. @throws RunDirectoryError, PluginError */
export async function makeRun(
  task: SweepTask, report: (share: number) => void,
): Promise<undefined> {
  const plugins = await registryOf(task.plugins);
  const scenario = parseScenario(task.scenario, 'scenario.yaml', { plugins });
  await recordRun({
    world: 'sim',
    scenario,
    // It was printed by whoever gave us the task.
    scenarioYaml: task.scenario,
    out: task.directory,
    // To look through the folder of ten thousand runs for each of them takes its time.
    isTidy: true,
    trace: false,
    code: task.code,
    command: task.command,
    watch: () => reporting(scenario.durationUs, report),
    run: runSimulation,
  });
}

/** Neither the disk nor a module will be better for another run. */
export function isOutside(error: unknown): error is Error {
  return error instanceof RunDirectoryError || error instanceof PluginError;
}

function reporting(durationUs: number, report: (share: number) => void): Watch {
  let reported = performance.now();
  return {
    report: (timeUs) => {
      const now = performance.now();
      if (now - reported < REPORT_MS) return true;
      reported = now;
      report(timeUs / durationUs);
      return new Promise((resolve) => setImmediate(() => resolve(true)));
    },
    end: () => undefined,
  };
}

/** @throws PluginError where they are not what the sweep began with: rows would not compare */
async function registryOf({ files, hash }: TaskPlugins): Promise<Registry> {
  const plugins = await loadPlugins(files);
  if (plugins.hash === hash) return plugins.registry;
  const origin = files.map((file) => `--plugin ${file}`).join(' ');
  throw new PluginError(origin, 'changed while the sweep was running', 'begin the sweep anew');
}
