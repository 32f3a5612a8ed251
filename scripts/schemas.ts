/** Writes the pages of docs/ that are made from code: the JSON schemas and the index of audits (`npm run schemas`). */
import { writeFileSync } from 'node:fs';
import { planJsonSchema } from '../src/plan/json-schema.ts';
import { resultJsonSchema } from '../src/report/schema/result-schema.ts';
import { AUDITS_INDEX, auditsIndex } from './audits-index.ts';

/** Every published JSON Schema, by its file. */
export const SCHEMAS: Readonly<Record<string, () => Record<string, unknown>>> = {
  'docs/plan.schema.json': planJsonSchema,
  'docs/result.schema.json': resultJsonSchema,
};

export function schemaText(schema: () => Record<string, unknown>): string {
  return `${JSON.stringify(schema(), null, 2)}\n`;
}

if (import.meta.main) {
  for (const [file, schema] of Object.entries(SCHEMAS)) {
    writeFileSync(new URL(`../${file}`, import.meta.url), schemaText(schema));
  }
  writeFileSync(new URL(`../${AUDITS_INDEX}`, import.meta.url), auditsIndex());
}
