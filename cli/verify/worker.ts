/** A worker process of a verification: makes the run where nothing has run before. */
import { parseScenario } from '../../experiment/scenario/index.js';
import { loadPlugins } from '../plugins.js';
import { serve } from '../serve.js';
import { fingerprint, type Fingerprint, type Look } from './fingerprint.js';

export interface VerifyTask {
  readonly runId: string;
  readonly scenario: string;
  readonly plugins: readonly string[];
  readonly look: Look;
}

serve<VerifyTask, Fingerprint>(async ({ scenario, plugins, look }) => {
  const { registry } = await loadPlugins(plugins);
  const resolved = parseScenario(scenario, 'scenario.yaml', { plugins: registry });
  return fingerprint(resolved, look, () => true);
});
