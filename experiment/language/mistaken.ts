/** Files of ours that are easily taken for one another. */
import { ScenarioError } from './error.js';

type FileKind = 'scenario' | 'sweep' | 'rules' | 'summary' | 'manifest';

const words: Readonly<Record<FileKind, string>> = {
  scenario: 'a scenario',
  sweep: 'a sweep',
  rules: 'a rule file',
  summary: 'the summary of a run',
  manifest: 'the manifest of a run or sweep',
};

const remedies: Readonly<Record<FileKind, (file: string) => string>> = {
  scenario: (file) => `try sim run ${file}, or name it as base: of a sweep`,
  sweep: (file) => `try sim sweep ${file}`,
  rules: () => 'name it under rules: of a scenario',
  summary: () => 'name the scenario.yaml beside it',
  manifest: () => 'name the scenario.yaml or sweep.yaml beside it',
};

/** @throws ScenarioError where the file is another of ours than the `wanted` one */
export function refuseMistaken(
  { value, file }: { readonly value: unknown; readonly file: string },
  wanted: 'scenario' | 'sweep',
): void {
  const kind = kindOf(value);
  if (kind === null || kind === wanted) return;
  const problem = `this is ${words[kind]}, not a ${wanted}`;
  throw new ScenarioError({ file, line: 1, column: 1 }, { problem, remedy: remedies[kind](file) });
}

function kindOf(value: unknown): FileKind | null {
  if (typeof value !== 'object' || value === null) return null;
  const has = (...keys: string[]): boolean => keys.every((key) => Object.hasOwn(value, key));
  const { rules } = value as { rules?: unknown };
  if (has('eventDigest', 'messages')) return 'summary';
  if (has('platform', 'version')) return 'manifest';
  if (has('vary')) return 'sweep';
  if (has('system') || has('duration')) return 'scenario';
  if (has('base')) return 'sweep';
  const [first] = Array.isArray(rules) ? (rules as unknown[]) : [];
  const isRule = typeof first === 'object' && first !== null && 'when' in first;
  return isRule && Object.keys(value).length === 1 ? 'rules' : null;
}
