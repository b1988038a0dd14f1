/** A resolved scenario as the YAML that a user could have written, with every setting in it. */
import { Document, isMap, isSeq, visit } from 'yaml';
import type { ResolvedScenario } from './resolved.js';
import { scenarioFields } from './scenario.js';
import { settingsOf } from '../language/section.js';

/** Parses back to exactly the same scenario. Rule texts are part of it. */
export function toYaml(scenario: ResolvedScenario): string {
  return written(toSettings(scenario));
}

/** The faults alone. */
export function faultsYaml(scenario: ResolvedScenario): string {
  const { faults } = toSettings(scenario);
  return written({ faults });
}

/** As YAML, short parts on one line. */
export function written(settings: object): string {
  const document = new Document(settings, { aliasDuplicateObjects: false });
  visit(document, {
    Collection: (_key, node, ancestors) => {
      const text = JSON.stringify(node);
      if (isSeq(node) && node.items.some(isMap)) return undefined;
      // The document and its mapping are ancestors of every section: sections stay blocks.
      if (ancestors.length < 4 || text.length > SHORT || text.includes('\\n')) return undefined;
      node.flow = true;
      return visit.SKIP;
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}

/** What is no longer than this stands on one line. */
const SHORT = 100;

/** What {@link toYaml} writes down: plain data. */
export function toSettings(scenario: ResolvedScenario): Record<string, unknown> {
  return settingsOf(scenarioFields, scenario, scenario);
}
