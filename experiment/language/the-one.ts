import { SettingError, type ScenarioPath } from './error.js';

/** The key that is given of these, of which exactly one may be. @throws SettingError */
export function theOne<Key extends string>(
  given: { readonly [key in Key]?: unknown }, keys: readonly Key[], path: ScenarioPath,
  problem: string,
): Key {
  const said = keys.filter((key) => given[key] !== undefined);
  if (said.length === 1) return said[0];
  const where = said.length === 0 ? path : [...path, said[1]];
  throw new SettingError(where, problem, `give exactly one of ${keys.join(', ')}`);
}
