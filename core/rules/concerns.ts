import type { Descriptor } from '../metamodel/entity.js';
import type { Rule } from './rule-set.js';
import { EntityView } from './views.js';

/** Whether there is anything among entities so described that the rule could speak of. */
export function concerns(rule: Rule, descriptors: readonly Descriptor[]): boolean {
  const view = new EntityView();
  return descriptors.some((descriptor) => {
    if (!rule.kinds.includes(descriptor.kind)) return false;
    if (rule.scope === 'local') return true;
    view.show({ resource: 0, descriptor, state: 'up', incarnation: 0, metrics: null }, []);
    return rule.group({ entity: view }) !== null;
  });
}
