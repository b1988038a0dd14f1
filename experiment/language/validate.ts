import type { z } from 'zod';
import { ScenarioError } from './error.js';
import { explainIssues, namesPassedOver } from './explain.js';
import type { Override } from './overrides.js';
import type { Source } from './source.js';

/** What `schema` makes of the input. @throws ScenarioError about the first thing wrong */
export function validate<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  source: Source,
  overrides: readonly Override[] = [],
): z.output<Schema> {
  const parsed = schema.safeParse(input, { reportInput: true });
  const passedOver = parsed.success ? namesPassedOver(input) : [];
  if (parsed.success && passedOver.length === 0) return parsed.data;
  const explanations = parsed.success
    ? passedOver : explainIssues(schema, parsed.error.issues, input);
  const found = explanations.map((explanation) => ({
    explanation,
    place: source.place(explanation.path, explanation.atKey, overrides),
  }));
  // The first in the text; a misspelt key before what is missing for it.
  found.sort(
    (a, b) =>
      Number(b.explanation.atKey) - Number(a.explanation.atKey) ||
      a.place.line - b.place.line ||
      a.place.column - b.place.column,
  );
  throw new ScenarioError(found[0].place, found[0].explanation);
}
